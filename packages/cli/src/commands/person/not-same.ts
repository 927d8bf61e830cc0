import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { partTwo, reasonFlag } from '../../station/merge-two.ts'

export default class PersonNotSame extends DoorstepCommand {
  static override description = '记下:像,但不是同一个人 · Note that two that look alike are not the same'
  static override examples = ['doorstep person not-same pe-7f2 pe-91c --reason 问过了']
  static override args = { ONE: idArg('一条 · one'), OTHER: idArg('另一条 · the other') }
  static override flags = { reason: reasonFlag }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonNotSame)
    const station = await this.open(flags)
    const two = [args.ONE, args.OTHER] as const
    const noted = this.must(await partTwo(station, 'person', two, flags.reason, 'not-same', this.language))
    this.print(this.words(['已记下,不再提示。', 'Noted; it will not be asked again.']))
    return noted
  }
}
