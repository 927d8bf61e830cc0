import { dispatchStateLabel, isReportStep, reportDispatch, reportSteps } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'

const ORDERS = ['answer', 'withdraw'] as const
const isOrder = (text: string): text is (typeof ORDERS)[number] =>
  (ORDERS as readonly string[]).includes(text)

export default class DispatchReport extends DoorstepCommand {
  static override description =
    '回报一件派遣;网格员可答复或撤回 · Report on a dispatch; those who sent it answer or withdraw'
  static override examples = [
    'doorstep dispatch report dp-7f2 accepted',
    'doorstep dispatch report dp-7f2 question --note 几楼?',
    'doorstep dispatch report dp-7f2 answer --note 三楼',
  ]
  static override args = {
    ID: idArg('派遣编号 · id of the dispatch'),
    STEP: Args.string({
      required: true,
      ignoreStdin: true,
      options: [...Object.keys(reportSteps), ...ORDERS],
      description: '怎么样了 · what of it',
    }),
  }
  static override flags = {
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明 · a note' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DispatchReport)
    const { STEP: step } = args
    if (!isReportStep(step) && !isOrder(step)) throw new Error('oclif let an unknown step through')
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'dispatch', args.ID, this.language))
    const reported = this.must(
      await reportDispatch(station, { dispatch: id, step, ...(note === undefined ? {} : { note }) }),
    )
    this.print(dispatchStateLabel(reported.state, this.language))
    return reported
  }
}
