import { hostname } from 'node:os'
import {
  fail,
  type Invite,
  joinWithInvite,
  openStation,
  parseJoinFile,
  pendingJoin,
  type Station,
} from '@doorstep/core'
import { readBundle, showBundle } from '@doorstep/sync'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { joinOnLan } from '../../station/join-on-lan.ts'
import { spacesOf } from '../../station/names.ts'
import { writeFileOnce } from '../../station/write-file.ts'

export default class MemberJoin extends DoorstepCommand {
  static override description = '用邀请文件或放行文件加入社区 · Join a community with an invite or a grant'
  static override args = {
    file: Args.string({ required: true, description: '邀请或放行文件 · invite or grant' }),
  }
  static override flags = {
    out: Flags.string({ description: '申请写到哪里 · where to write the request' }),
    station: Flags.string({ description: '这台机器的名称 · name of this machine' }),
    peer: Flags.string({ multiple: true, description: '邀请人的地址 · address of the inviter' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberJoin)
    if (showBundle(args.file).ok) return this.takeGrant(args.file, flags)
    const file = this.must(parseJoinFile(this.must(readBytes(args.file)).toString('utf8')))
    if (file.doorstep !== 'invite/1') this.must(fail({ type: 'malformed-file', file: args.file }))
    const invite = file as Invite
    const { station, request } = this.must(
      joinWithInvite(this.homeOf(flags), await this.secretOf(flags, 'create'), invite, {
        stationName: flags.station ?? hostname(),
      }),
    )
    const addresses = [...(flags.peer ?? []), ...invite.inviter.addresses]
    if (addresses.length > 0) {
      const answer = await joinOnLan(station, invite, addresses)
      if (answer === null) return this.welcome(station)
      this.tell([
        `没有当场放行(${answer}),改写申请文件。`,
        `Not let in at once (${answer}); writing a request instead.`,
      ])
    }
    const out = flags.out ?? `${args.file}.request`
    this.must(writeFileOnce(out, JSON.stringify(request, null, 2)))
    await station.close()
    this.print(
      this.words([
        `申请写在 ${out}。带回发邀请的机器:\n  doorstep member grant ${out} --out 放行.bundle`,
        `The request is in ${out}. Carry it back to the inviting machine:\n  doorstep member grant ${out} --out GRANT`,
      ]),
    )
    return {
      joined: false,
      station: station.identity.station,
      member: invite.member,
      request: out,
      carryTo: 'the inviting station',
      next: `doorstep member grant ${out} --out GRANT`,
    }
  }

  private async takeGrant(file: string, flags: Parameters<DoorstepCommand['open']>[0]): Promise<unknown> {
    const station = this.must(
      await openStation({ home: this.homeOf(flags), secret: await this.secretOf(flags) }),
    )
    const read = await readBundle(station, file)
    if (!read.ok) {
      await station.close()
      this.must(read)
    }
    if (!station.isMember()) {
      await station.close()
      this.must(fail({ type: 'grant-for-another', file }))
    }
    return this.welcome(station)
  }

  private async welcome(station: Station): Promise<unknown> {
    const spaces = spacesOf(station)
    const name = pendingJoin(station)?.invite.name ?? ''
    station.dropDraft('join')
    await station.close()
    this.print(
      this.words([
        `${name},您已加入。下一步:\n  doorstep visit due`,
        `Welcome, ${name}: you have joined. Next:\n  doorstep visit due`,
      ]),
    )
    return { joined: true, station: station.identity.station, member: station.identity.member, spaces }
  }
}
