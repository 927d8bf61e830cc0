import { appointChief } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickMember } from '../../station/pick-member.ts'

export default class RecoveryAppoint extends DoorstepCommand {
  static override description =
    '用创始密钥任命站长(已没有站长时) · Appoint a chief by the founding key, when no chief is left'
  static override args = { id: Args.string({ required: true, description: '成员编号或称呼 · id or name' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(RecoveryAppoint)
    const station = await this.open(flags)
    const member = this.must(pickMember(station, args.id))
    this.must(await appointChief(station, member))
    this.print(
      this.words([
        '已任命。先同步让大家知道;然后把密钥从本机拿掉:\n  doorstep sync now\n  doorstep recovery print --forget',
        'Appointed. Sync so that the others hear of it; then take the key off this machine:\n  doorstep sync now\n  doorstep recovery print --forget',
      ]),
    )
    return { member, by: 'founding-key', next: 'doorstep sync now' }
  }
}
