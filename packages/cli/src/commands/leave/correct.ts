import { correctLeave } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'

export default class LeaveCorrect extends DoorstepCommand {
  static override description =
    '改正外出报备的日子,或撤回写错的 · Correct the days of a leave notice, or take back a wrong one'
  static override args = { ID: idArg('报备编号 · id of the notice') }
  static override flags = {
    from: dayFlag({ description: '从哪天起 · the first day away' }),
    until: dayFlag({ description: '到哪天 · the last day away' }),
    withdraw: Flags.string({
      helpValue: 'REASON|@-',
      description: '整个写错了,为什么 · all of it was wrong, and why',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(LeaveCorrect)
    if (flags.from === undefined && flags.until === undefined && flags.withdraw === undefined)
      wrongUse('要写 --from、--until 或 --withdraw', 'give --from, --until or --withdraw')
    const withdrawn =
      flags.withdraw === undefined ? undefined : this.must(await new GivenText().value(flags.withdraw))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'leave', args.ID, this.language))
    const { leave, entries } = this.must(
      await correctLeave(station, {
        leave: id,
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.until === undefined ? {} : { until: flags.until }),
        ...(withdrawn === undefined ? {} : { withdrawn }),
      }),
    )
    this.print(this.words(['已改好。', 'Corrected.']))
    return { leave, entries }
  }
}
