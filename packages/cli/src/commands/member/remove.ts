import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class MemberRemove extends DoorstepCommand {
  static override description = '移除成员(尚不支持)· Remove a member (not supported yet)'
  static override args = { id: Args.string({ required: true }) }

  async run(): Promise<unknown> {
    await this.parse(MemberRemove)
    return this.must({ ok: false, problem: { type: 'removal-not-supported' } })
  }
}
