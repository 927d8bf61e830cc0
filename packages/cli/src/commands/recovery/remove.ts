import { removeByFoundingKey } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickMember } from '../../station/pick-member.ts'

export default class RecoveryRemove extends DoorstepCommand {
  static override description =
    '用创始密钥移除任何成员,站长也行 · Remove any member by the founding key, a chief too'
  static override args = { id: Args.string({ required: true, description: '成员编号或称呼 · id or name' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(RecoveryRemove)
    const station = await this.open(flags)
    const member = this.must(pickMember(station, args.id))
    this.must(await removeByFoundingKey(station, member))
    this.print(
      this.words([
        '已移除。先同步让大家知道;然后把密钥从本机拿掉:\n  doorstep sync now\n  doorstep recovery print --forget',
        'Removed. Sync so that the others hear of it; then take the key off this machine:\n  doorstep sync now\n  doorstep recovery print --forget',
      ]),
    )
    return { member, by: 'founding-key', next: 'doorstep sync now' }
  }
}
