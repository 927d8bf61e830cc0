import { createStationInvite } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickMember } from '../../station/pick-member.ts'
import { writeFileOnce } from '../../station/write-file.ts'

export default class StationInvite extends DoorstepCommand {
  static override description =
    '为一名成员的又一台机器写邀请 · Invite a further machine of a member, as a file to hand over'
  static override flags = {
    member: Flags.string({ description: '成员编号或称呼,默认本人 · id or name, oneself by default' }),
    address: Flags.string({
      multiple: true,
      description: '这台机器在局域网的地址 · where this machine listens',
    }),
    days: Flags.integer({ default: 7, min: 1, description: '有效天数 · valid for how many days' }),
    out: Flags.string({ required: true, description: '邀请文件 · the invite file' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(StationInvite)
    const station = await this.open(flags)
    const member = flags.member ? this.must(pickMember(station, flags.member)) : station.identity.member
    const invite = this.must(
      createStationInvite(station, {
        member,
        addresses: flags.address ?? [],
        validMs: flags.days * 24 * 3600_000,
      }),
    )
    this.must(writeFileOnce(flags.out, JSON.stringify(invite, null, 2)))
    this.print(
      this.words([
        `邀请写在 ${flags.out},${flags.days} 天内有效。在 ${invite.name} 的新机器上:\n  doorstep member join ${flags.out} --out 申请.json`,
        `The invite is in ${flags.out}, valid for ${flags.days} days. On ${invite.name}'s new machine:\n  doorstep member join ${flags.out} --out REQUEST`,
      ]),
    )
    return {
      invite: invite.id,
      member,
      expiresAt: invite.expiresAt,
      file: flags.out,
      carryTo: 'the new machine',
      next: `doorstep member join ${flags.out} --out REQUEST`,
    }
  }
}
