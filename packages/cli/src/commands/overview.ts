import { openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../base-command.ts'
import { chiefView } from '../station/chief-view.ts'
import { todayOf, toldBy } from '../station/today.ts'
import { overviewText } from '../voice/overview-text.ts'
import { unheardJson } from '../voice/sync-json.ts'
import { loadChart } from '../voice/visits-chart.ts'

export default class Overview extends DoorstepCommand {
  static override description = '全局:各网格、各人到哪一步 · How every grid and everybody stands'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Overview)
    const station = await this.open(flags)
    const { language } = this
    const set = openRecordSet(station, { follow: false })
    const view = chiefView(station, set, { on: todayOf(station, language).today, language })
    await loadChart()
    this.print(overviewText(view, toldBy(station, language)))
    const { grids, workers, ...overview } = view.overview
    return {
      ...overview,
      grids: grids.map(({ grid, ...counts }) => ({ grid: grid.name, space: grid.space, ...counts })),
      workers: workers.map(({ by, ...counts }) => ({ member: by.member, memberName: by.name, ...counts })),
      held: view.held,
      unheard: view.unheard.map(unheardJson),
    }
  }
}
