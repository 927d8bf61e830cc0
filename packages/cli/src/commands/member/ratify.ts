import { ratifyAct } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class MemberRatify extends DoorstepCommand {
  static override description = '让一项作废的决定重新算数 · Make a voided act count again'
  static override args = {
    act: Args.string({ required: true, description: '编号,见 member voided · its id, see member voided' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberRatify)
    const station = await this.open(flags)
    this.must(await ratifyAct(station, args.act))
    this.print(
      this.words(['已恢复。谁都不必再被邀请一次。', 'It counts again. Nobody has to be invited twice.']),
    )
    return { ratified: args.act }
  }
}
