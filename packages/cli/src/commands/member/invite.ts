import { createInvite, type Invite, isRole, roles, type Station } from '@doorstep/core'
import { groupedCode } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { holdCode } from '../../station/hold-code.ts'
import { stationName } from '../../station/names.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { codeLines, endProblem, wrongCodeWords } from '../../voice/code-text.ts'
import { wordingOf } from '../../voice/problems.ts'
import { qrOnTerminal } from '../../voice/qr.ts'

type CodeFlags = { listen?: string | undefined; discover: boolean; minutes: number }

export default class MemberInvite extends DoorstepCommand {
  static override description =
    '邀请新成员:写出邀请文件,或显示加入码 · Invite somebody, by a file to hand over or a code to type'
  static override examples = [
    'doorstep member invite --role worker --name NAME --grid GRID --code',
    'doorstep member invite --role worker --name NAME --grid GRID --out INVITE',
  ]
  static override flags = {
    role: Flags.string({ required: true, options: Object.keys(roles), description: '角色 · role' }),
    name: Flags.string({ required: true, description: '称呼 · what they are called' }),
    grid: Flags.string({ multiple: true, description: '网格名称或编号 · grid by name or id' }),
    out: Flags.string({ exactlyOne: ['out', 'code'], description: '邀请文件 · the invite file' }),
    address: Flags.string({
      multiple: true,
      description: '写进文件:这台机器在局域网的地址 · for the file: where this machine listens',
    }),
    days: Flags.integer({ default: 7, min: 1, description: '文件有效天数 · days the file is valid' }),
    code: Flags.boolean({
      exactlyOne: ['out', 'code'],
      description: '显示加入码,在局域网内等对方 · show a code, and wait on the LAN',
    }),
    minutes: Flags.integer({
      default: 15,
      min: 1,
      max: 24 * 60,
      description: '加入码有效分钟数 · minutes the code is valid',
    }),
    listen: Flags.string({ description: '为加入码监听 主机:端口 · HOST:PORT to listen on for the code' }),
    discover: Flags.boolean({
      default: true,
      allowNo: true,
      description: '在局域网内公布加入码的公开部分 · announce the public part of the code on the LAN',
    }),
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
        validMs: flags.code ? flags.minutes * 60_000 : flags.days * 24 * 3600_000,
      }),
    )
    return flags.out === undefined
      ? this.waitWithCode(station, invite, flags)
      : this.writeFile(invite, flags.out, flags.days)
  }

  private writeFile(invite: Invite, out: string, days: number): unknown {
    this.must(writeFileOnce(out, JSON.stringify(invite, null, 2)))
    this.print(
      this.words([
        `邀请写在 ${out},${days} 天内有效。交给${invite.name},在新机器上:\n  doorstep member join ${out} --out 申请.json`,
        `The invite is in ${out}, valid for ${days} days. Hand it to ${invite.name}; on the new machine:\n  doorstep member join ${out} --out REQUEST`,
      ]),
    )
    return {
      invite: invite.id,
      member: invite.member,
      role: invite.role,
      spaces: invite.spaces,
      expiresAt: invite.expiresAt,
      file: out,
      carryTo: 'the new machine',
      next: `doorstep member join ${out} --out REQUEST`,
    }
  }

  /** Waits until somebody is in, the code has died, or Ctrl-C. The one document is printed when waiting begins. */
  private async waitWithCode(station: Station, invite: Invite, flags: CodeFlags): Promise<undefined> {
    const opened = this.must(
      await holdCode(station, invite, {
        listen: flags.listen,
        discover: flags.discover,
        onTrouble: (problem) => process.stderr.write(`${wordingOf(problem, this.language).message}\n`),
        onWrong: (remote, left) => this.tell(wrongCodeWords(remote, left)),
      }),
    )
    const { held, addresses, uri } = opened
    using interrupted = abortWhenInterrupted()
    interrupted.signal.addEventListener('abort', () => void held.close())
    if (this.jsonEnabled())
      this.logJson({
        listening: held.listening,
        addresses,
        station: station.identity.station,
        invite: invite.id,
        code: groupedCode(held.code),
        uri,
        expiresAt: invite.expiresAt,
        next: 'doorstep member join --code -',
      })
    else {
      const lines = codeLines(opened, invite.name, flags.minutes).map((words) => this.words(words))
      this.print([...qrOnTerminal(uri, lines.length), ...lines].join('\n'))
    }
    const end = await held.ended
    await held.close()
    const problem = endProblem(end)
    if (end.type === 'joined') {
      const name = stationName(station, end.station)
      this.tell([
        `${invite.name}已加入(${name}),两边一致。`,
        `${invite.name} has joined (${name}); both are equal.`,
      ])
    } else if (problem) this.endWith(problem, interrupted.signal.aborted ? 130 : 1)
    return undefined
  }
}
