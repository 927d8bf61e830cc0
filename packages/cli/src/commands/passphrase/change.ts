import { changeSecret } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { newSecretFlags } from '../../station/new-secret.ts'

export default class PassphraseChange extends DoorstepCommand {
  static override description = '换口令,或换成密钥文件 · Change the passphrase, or change to a key file'
  static override examples = [
    'doorstep passphrase change',
    'doorstep passphrase change --new-key-file /etc/doorstep/key   # 网关 · a gateway',
  ]
  static override flags = newSecretFlags

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PassphraseChange)
    const home = this.homeOf(flags)
    const current = await this.secretOf(flags)
    const next = await this.newSecretOf(flags)
    const { logEmptied } = await this.patiently(() => changeSecret(home, current, next.secret)).catch(
      (error: unknown) => {
        next.undo()
        throw error
      },
    )
    const { type } = next.secret
    this.print(
      type === 'key'
        ? this.words([
            `换好了:以后用密钥文件打开。${next.made ? `新密钥在 ${next.made},请另存一份到安全的地方。` : ''}`,
            `Changed: it opens with the key file from now on.${next.made ? ` The new key is in ${next.made}; keep a copy in a safe place.` : ''}`,
          ])
        : this.words([
            '口令换好了。以前拷走的副本,用旧口令仍能打开。',
            'Changed. Copies of this home that were made earlier still open with the old one.',
          ]),
    )
    if (!logEmptied)
      this.tell([
        '另一个程序正开着这个工作站:旧口令的痕迹要等它关掉才从盘上清掉。',
        'Another process has this home open: what is left of the old one on the disk goes when that one is closed.',
      ])
    return {
      changed: true,
      kind: type,
      keyFile: flags['new-key-file'] ?? null,
      made: next.made !== null,
      logEmptied,
    }
  }
}
