import { caseMeasures, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag } from '../../flags.ts'
import { pickGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { measuresText } from '../../voice/measures-text.ts'

export default class CaseMeasures extends DoorstepCommand {
  static override description =
    '按时、准确、返工、满意:网格、人员、单位 · In time, rightly sent, done again, satisfied: by grid, worker, unit'
  static override flags = {
    from: dayFlag({ description: '从哪天,不写是本月一日 · from, else the first of this month' }),
    until: dayFlag({ description: '到哪天(含),不写是今天 · until, else today' }),
    grid: Flags.string({ description: '只看这个网格 · this grid alone' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CaseMeasures)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { today } = todayOf(station, this.language)
    const until = flags.until ?? today
    const from = flags.from ?? `${until.slice(0, 8)}01`
    const grid = this.must(pickGrid(set, flags.grid))
    const measures = caseMeasures(set, from, until, {
      nowMs: station.now,
      ...(grid === null ? {} : { grid: grid.space }),
    })
    this.print(measuresText(measures, this.language))
    return { from, until, measures }
  }
}
