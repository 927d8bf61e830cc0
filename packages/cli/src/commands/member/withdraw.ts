import { fail, listInvites, ok, type Result, type Station, withdrawInvite } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'

export default class MemberWithdraw extends DoorstepCommand {
  static override description = '撤回一个邀请 · Withdraw an invite'
  static override args = { INVITE: idArg('邀请编号或其开头 · id of the invite, or how it begins') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberWithdraw)
    const station = await this.open(flags)
    const id = this.must(invitedBy(station, args.INVITE))
    this.must(withdrawInvite(station, id))
    this.print(
      this.words([
        `邀请 ${id} 已撤回:拿着它的人不会被放行。`,
        `Invite ${id} is withdrawn: whoever holds it will not be let in.`,
      ]),
    )
    return { invite: id, state: 'withdrawn' }
  }
}

function invitedBy(station: Station, text: string): Result<string> {
  const ids = listInvites(station).map(({ id }) => id)
  if (ids.includes(text)) return ok(text)
  const meant = ids.filter((id) => text !== '' && (id.startsWith(text) || id.slice(3).startsWith(text)))
  return meant.length === 1 ? ok(meant[0]!) : fail({ type: 'unknown-invite', invite: text })
}
