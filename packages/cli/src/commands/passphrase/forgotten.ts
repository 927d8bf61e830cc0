import { askRescue, RESCUE_VALID_MS } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { newSecretFlags } from '../../station/new-secret.ts'
import { writeFileOnce } from '../../station/write-file.ts'

export default class PassphraseForgotten extends DoorstepCommand {
  static override description =
    '忘了口令:写一份申请给组长 · Forgot the passphrase: write a request for a chief'
  static override examples = ['doorstep passphrase forgotten --out 申请.json']
  static override flags = {
    ...newSecretFlags,
    out: Flags.string({ required: true, description: '申请写到哪里 · where to write the request' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PassphraseForgotten)
    const next = await this.newSecretOf(flags)
    const asked = askRescue(this.homeOf(flags), next.secret)
    if (!asked.ok) next.undo()
    const request = this.must(asked)
    this.must(writeFileOnce(flags.out, JSON.stringify(request, null, 2)))
    this.print(
      this.words([
        `申请写在 ${flags.out},七天内有效。交给组长,并当面或打电话念这个指纹:\n  ${request.fingerprint}\n组长在自己的机器上:\n  doorstep passphrase rescue ${flags.out} --out 答复.json\n然后在这里:\n  doorstep passphrase restore 答复.json\n在那之前什么都没变:想起旧口令,照样能用。`,
        `The request is in ${flags.out}, valid for seven days. Carry it to a chief, and read out this fingerprint, face to face or by phone:\n  ${request.fingerprint}\nOn the chief’s machine:\n  doorstep passphrase rescue ${flags.out} --out GRANT\nThen here:\n  doorstep passphrase restore GRANT\nUntil then nothing has changed: the old passphrase, should it come back to mind, still opens.`,
      ]),
    )
    return {
      request: flags.out,
      station: request.station,
      fingerprint: request.fingerprint,
      chiefs: request.boxes.map(([chief]) => chief),
      expiresAt: new Date(Date.parse(request.madeAt) + RESCUE_VALID_MS).toISOString(),
      carryTo: 'a chief',
      next: `doorstep passphrase rescue ${flags.out} --out GRANT`,
    }
  }
}
