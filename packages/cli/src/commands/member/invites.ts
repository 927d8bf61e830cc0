import { listInvites } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { spacesOf } from '../../station/names.ts'
import type { Words } from '../../voice/language.ts'
import { roleText } from '../../voice/role-words.ts'
import { table } from '../../voice/table.ts'

const STATES: Readonly<Record<string, Words>> = {
  open: ['有效', 'open'],
  used: ['已用', 'used'],
  withdrawn: ['已撤回', 'withdrawn'],
  expired: ['已过期', 'expired'],
}

export default class MemberInvites extends DoorstepCommand {
  static override description = '这台机器发出的邀请 · Invites made on this machine'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(MemberInvites)
    const station = await this.open(flags)
    const names = new Map(spacesOf(station).map(({ id, name }) => [id, name]))
    const invites = listInvites(station).map(({ spaces, ...invite }) => ({
      ...invite,
      grids: spaces.map((space) => ({ id: space, name: names.get(space) ?? space })),
    }))
    this.print(
      table(
        [
          this.words(['称呼', 'Name']),
          this.words(['角色', 'Role']),
          this.words(['网格', 'Grids']),
          this.words(['状态', 'State']),
          this.words(['到期', 'Expires']),
          'id',
        ],
        invites.map((invite) => [
          invite.name,
          roleText(invite.role, this.language),
          invite.grids.map(({ name }) => name).join(' '),
          this.words(STATES[invite.state]!),
          invite.expiresAt,
          invite.id,
        ]),
      ),
    )
    return { invites }
  }
}
