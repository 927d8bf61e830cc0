import { assignRole, isRole, roles } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { memberNames } from '../../station/names.ts'
import { pickMember } from '../../station/pick-member.ts'
import { roleWords } from '../../voice/role-words.ts'

export default class MemberRole extends DoorstepCommand {
  static override description = '改变成员的角色 · Change what a member may do'
  static override args = {
    id: Args.string({ required: true, description: '成员编号或称呼 · id or name' }),
    role: Args.string({ required: true, options: Object.keys(roles), description: '角色 · role' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberRole)
    const station = await this.open(flags)
    if (!isRole(args.role)) throw new Error('oclif let an unknown role through')
    const member = this.must(pickMember(station, args.id))
    this.must(await assignRole(station, member, args.role))
    const name = memberNames(station).get(member) ?? member
    this.print(
      this.words([
        `${name} 现在是${roleWords(args.role)[0]}。听说之前写下的仍然算数;要立即停下,请移除后重新邀请。`,
        `${name} is now ${roleWords(args.role)[1]}. What was written before they heard stands; to stop somebody at once, remove and invite again.`,
      ]),
    )
    return { member, name, role: station.membership().members.get(member)?.role ?? null }
  }
}
