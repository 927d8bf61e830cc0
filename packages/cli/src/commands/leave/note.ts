import { noteLeave, OPEN_LEAVE_DAYS } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { saidByFlag } from '../../station/leave-flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { shortId } from '../../voice/value-text.ts'

export default class LeaveNote extends DoorstepCommand {
  static override description =
    '外出报备:一户全家不在,没用水也不报警 · Everybody of a home is away: nothing used is no alarm'
  static override examples = [
    'doorstep leave note 1-2-301 --until 2026-10-08 --said-by family',
    'doorstep leave note 1-2-301 --from 2026-10-01 --said-by phone',
  ]
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 · id of a household, or the door') }
  static override flags = {
    from: dayFlag({ description: '从哪天起,默认今天 · the first day away, today if not given' }),
    until: dayFlag({ description: '到哪天 · the last day away' }),
    'said-by': saidByFlag,
    note: Flags.string({ helpValue: 'TEXT|@-', description: '备注 · a note' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(LeaveNote)
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language)).id
    const { leave, entries } = this.must(
      await noteLeave(station, {
        household,
        saidBy: flags['said-by'],
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.until === undefined ? {} : { until: flags.until }),
        ...(note === undefined ? {} : { note }),
      }),
    )
    this.print(
      this.words(
        flags.until === undefined
          ? [
              `已记下:${shortId(leave)}。没说到哪天,先按 ${OPEN_LEAVE_DAYS} 天;回来了:doorstep leave end ${args.HOUSEHOLD} --said-by resident`,
              `Noted: ${shortId(leave)}. Without an end it holds for ${OPEN_LEAVE_DAYS} days; when they are back: doorstep leave end ${args.HOUSEHOLD} --said-by resident`,
            ]
          : [
              `已记下:${shortId(leave)}。提前回来:doorstep leave end ${args.HOUSEHOLD} --said-by resident`,
              `Noted: ${shortId(leave)}. Should they come back early: doorstep leave end ${args.HOUSEHOLD} --said-by resident`,
            ],
      ),
    )
    return { leave, household, entries }
  }
}
