import { listLeaves } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { pickRecord, recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { leaveJson, leavesText } from '../../voice/leave-text.ts'

export default class LeaveList extends DoorstepCommand {
  static override description = '谁家外出,到哪天 · Who is away, and until when'
  static override args = {
    HOUSEHOLD: Args.string({
      ignoreStdin: true,
      description: '住户编号,或门牌 · id of a household, or the door',
    }),
  }
  static override flags = {
    all: Flags.boolean({ description: '连已回来的、撤回的 · those back and taken back, too' }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(LeaveList)
    const station = await this.open(flags)
    const { set } = this.must(recordsOfGrid(station, flags.grid))
    const household =
      args.HOUSEHOLD === undefined
        ? null
        : this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language)).id
    const rows = listLeaves(set, {
      on: todayOf(station, this.language).today,
      all: flags.all,
      language: this.language,
      ...(household === null ? {} : { household }),
    })
    this.print(leavesText(rows, this.language))
    return { leaves: rows.map(leaveJson) }
  }
}
