import { hostname } from 'node:os'
import {
  fail,
  homeExists,
  type Invite,
  isPracticeCommunity,
  joinWithInvite,
  openStation,
  parseJoinFile,
  pendingJoin,
  type Station,
  worksAtDesk,
} from '@doorstep/core'
import { joinByCode, parsePairingInput, readBundle, showBundle } from '@doorstep/sync'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { GivenText } from '../../station/given-text.ts'
import { joinOnLan } from '../../station/join-on-lan.ts'
import { spacesOf } from '../../station/names.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { wordingOf } from '../../voice/problems.ts'
import { askText } from '../../voice/prompt.ts'

type JoinFlags = Parameters<DoorstepCommand['open']>[0] & {
  readonly station?: string | undefined
  readonly peer?: readonly string[] | undefined
  readonly discover: boolean
}

export default class MemberJoin extends DoorstepCommand {
  static override description =
    '用加入码、邀请文件或放行文件加入社区 · Join a community with a code, an invite or a grant'
  static override examples = [
    'doorstep member join --code -',
    'doorstep member join INVITE --out REQUEST',
    'doorstep member join GRANT',
  ]
  static override args = {
    file: Args.string({ ignoreStdin: true, description: '邀请或放行文件 · invite or grant' }),
  }
  static override flags = {
    code: Flags.string({
      helpValue: 'CODE|-',
      description:
        '加入码,或其二维码的内容;- 则询问或读标准输入 · the code, or what its QR code says; - asks, or reads stdin',
    }),
    discover: Flags.boolean({
      default: true,
      allowNo: true,
      description: '在局域网内找邀请人 · look for the inviter on the LAN',
    }),
    practice: Flags.boolean({
      description: '这是练习社区的邀请,我知道 · the invite is of a practice community, and that is meant',
    }),
    out: Flags.string({ description: '申请写到哪里 · where to write the request' }),
    station: Flags.string({ description: '这台机器的名称 · name of this machine' }),
    peer: Flags.string({ multiple: true, description: '邀请人的地址 · address of the inviter' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberJoin)
    if (args.file !== undefined && flags.code === undefined) return this.joinWithFile(args.file, flags)
    if (args.file === undefined && flags.code !== undefined) return this.joinWithCode(flags.code, flags)
    return wrongUse('要一个文件或 --code,只要一个', 'takes a file or --code, one of the two')
  }

  private async joinWithCode(given: string, flags: JoinFlags): Promise<unknown> {
    const typed = given === '-' ? await this.readCode() : given
    const { code, addresses } = this.must(parsePairingInput(typed))
    const secret = await this.secretOf(flags, homeExists(this.homeOf(flags)) ? 'open' : 'create')
    this.tell(['正在找邀请人……', 'Looking for the inviter …'])
    using interrupted = abortWhenInterrupted()
    const station = this.must(
      await joinByCode({
        home: this.homeOf(flags),
        secret,
        stationName: flags.station ?? hostname(),
        code,
        addresses: flags.peer ?? addresses,
        discover: flags.discover,
        signal: interrupted.signal,
        onTrouble: (problem) => process.stderr.write(`${wordingOf(problem, this.language).message}\n`),
      }),
    )
    return this.welcome(station)
  }

  /** Asked for on a terminal, else from standard input: so it stays out of the shell's history. */
  private async readCode(): Promise<string> {
    if (process.stdin.isTTY) return askText(this.words(['加入码:', 'Code: ']))
    return this.must(await new GivenText().file('-'))
  }

  private async joinWithFile(
    path: string,
    flags: JoinFlags & { out?: string | undefined; practice: boolean },
  ): Promise<unknown> {
    if (showBundle(path).ok) return this.takeGrant(path, flags)
    const file = this.must(parseJoinFile(this.must(readBytes(path)).toString('utf8')))
    if (file.doorstep !== 'invite/1') this.must(fail({ type: 'malformed-file', file: path }))
    const invite = file as Invite
    if (isPracticeCommunity(invite.community) && !flags.practice)
      this.must(fail({ type: 'practice-invite', file: path }))
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
    const out = flags.out ?? `${path}.request`
    this.must(writeFileOnce(out, JSON.stringify(request, null, 2)))
    await station.close()
    this.print(
      this.words([
        `申请写在 ${out}。带回发邀请的机器:\n  doorstep member grant ${out} --out 放行.bundle\n不想加入了,删掉这里的文件夹就是:\n  rm -r ${station.home}`,
        `The request is in ${out}. Carry it back to the inviting machine:\n  doorstep member grant ${out} --out GRANT\nTo withdraw the request, delete this machine's folder:\n  rm -r ${station.home}`,
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
    const role = station.member()?.role
    const { member, station: id } = station.identity
    const next = role && worksAtDesk(role) ? 'doorstep dispatch list' : 'doorstep visit due'
    await station.close()
    this.print(
      this.words([
        `${name},您已加入。下一步:\n  ${next}`,
        `Welcome, ${name}: you have joined. Next:\n  ${next}`,
      ]),
    )
    return { joined: true, station: id, member, spaces }
  }
}
