import { createInvite, isRole, roles } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { writeFileOnce } from '../../station/write-file.ts'

export default class MemberInvite extends DoorstepCommand {
  static override description = '邀请新成员,写出邀请文件 · Invite somebody, as a file to hand over'
  static override flags = {
    role: Flags.string({ required: true, options: Object.keys(roles), description: '角色 · role' }),
    name: Flags.string({ required: true, description: '称呼 · what they are called' }),
    grid: Flags.string({ multiple: true, description: '网格名称或编号 · grid by name or id' }),
    address: Flags.string({
      multiple: true,
      description: '这台机器在局域网的地址 · where this machine listens',
    }),
    days: Flags.integer({ default: 7, min: 1, description: '有效天数 · valid for how many days' }),
    out: Flags.string({ required: true, description: '邀请文件 · the invite file' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(MemberInvite)
    const station = await this.open(flags)
    if (!isRole(flags.role)) throw new Error('oclif let an unknown role through')
    const invite = this.must(
      createInvite(station, {
        role: flags.role,
        name: flags.name,
        grids: flags.grid ?? [],
        addresses: flags.address ?? [],
        validMs: flags.days * 24 * 3600_000,
      }),
    )
    this.must(writeFileOnce(flags.out, JSON.stringify(invite, null, 2)))
    this.print(
      this.words([
        `邀请写在 ${flags.out},${flags.days} 天内有效。交给${flags.name},在新机器上:\n  doorstep member join ${flags.out} --out 申请.json`,
        `The invite is in ${flags.out}, valid for ${flags.days} days. Hand it to ${flags.name}; on the new machine:\n  doorstep member join ${flags.out} --out REQUEST`,
      ]),
    )
    return {
      invite: invite.id,
      member: invite.member,
      role: invite.role,
      spaces: invite.spaces,
      expiresAt: invite.expiresAt,
      file: flags.out,
      carryTo: 'the new machine',
      next: `doorstep member join ${flags.out} --out REQUEST`,
    }
  }
}
