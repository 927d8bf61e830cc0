import { endLeave } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { saidByFlag } from '../../station/leave-flags.ts'
import { pickRecord } from '../../station/pick-record.ts'

export default class LeaveEnd extends DoorstepCommand {
  static override description = '外出的人回来了 · Whoever was away is back'
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 · id of a household, or the door') }
  static override flags = {
    on: dayFlag({ description: '哪天回来的,默认今天 · back on this day, today if not given' }),
    'said-by': saidByFlag,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(LeaveEnd)
    const station = await this.open(flags)
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language)).id
    const { ended, entries } = this.must(
      await endLeave(station, {
        household,
        saidBy: flags['said-by'],
        ...(flags.on === undefined ? {} : { on: flags.on }),
      }),
    )
    this.print(
      this.words([
        '已记下回来。没用水这类规则,一天后重新看。',
        'Noted. Rules about nothing being used look again after a day.',
      ]),
    )
    return { household, ended, entries }
  }
}
