import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { partTwo, reasonFlag } from '../../station/merge-two.ts'

export default class HouseholdNotSame extends DoorstepCommand {
  static override description = '记下:像,但不是同一户 · Note that two that look alike are not the same'
  static override examples = ['doorstep household not-same hh-7f2 hh-91c --reason 问过了']
  static override args = { ONE: idArg('一条 · one'), OTHER: idArg('另一条 · the other') }
  static override flags = { reason: reasonFlag }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdNotSame)
    const station = await this.open(flags)
    const two = [args.ONE, args.OTHER] as const
    const noted = this.must(await partTwo(station, 'household', two, flags.reason, 'not-same', this.language))
    this.print(this.words(['已记下,不再提示。', 'Noted; it will not be asked again.']))
    return noted
  }
}
