import { caseMeasures, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickGrid } from '../../station/pick-record.ts'
import { spanFlags, spanOf } from '../../station/span-flags.ts'
import { todayOf } from '../../station/today.ts'
import { measuresText } from '../../voice/measures-text.ts'

export default class CaseMeasures extends DoorstepCommand {
  static override description =
    '按时、准确、返工、满意:网格、人员、单位 · In time, rightly sent, done again, satisfied: by grid, worker, unit'
  static override flags = spanFlags

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CaseMeasures)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { from, until } = spanOf(flags, todayOf(station, this.language).today)
    const grid = this.must(pickGrid(set, flags.grid))
    const measures = caseMeasures(set, from, until, {
      nowMs: station.now,
      ...(grid === null ? {} : { grid: grid.space }),
    })
    this.print(measuresText(measures, this.language))
    return { from, until, measures }
  }
}
