import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { bytesText } from '../../voice/bytes.ts'
import { shortDigest } from '../../voice/digest.ts'

export default class GatewayBackup extends DoorstepCommand {
  static override description =
    '把整个工作站备份成一个文件,运行中也行;密钥不在里面 · Back a home up into one file, also while it runs; the key is not in it'
  static override examples = [
    'doorstep gateway backup /media/stick/gateway-1126.tar --key-file /etc/doorstep/key',
  ]
  static override flags = {
    config: Flags.string({
      description: '网关的配置,里面有工作站和密钥 · configuration, which names home and key',
    }),
  }
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: '写到哪里 · where to' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GatewayBackup)
    const { backupHome } = await import('../../gateway/backup.ts')
    const named = flags.config === undefined ? null : await this.#namedIn(flags.config)
    const home = named?.home ?? this.homeOf(flags)
    const secret = await this.secretOf(named ? { 'key-file': named.keyFile } : flags)
    const done = this.must(await backupHome({ home, secret, file: args.file, nowMs: Date.now() }))
    const entries = done.digests.reduce((sum, one) => sum + one.entries, 0)
    this.print(
      this.words([
        `备份好了:${done.file},${bytesText(done.bytes)},${entries} 条,${done.blobs} 个照片文件。打开它要同一把密钥或口令:请另存一处。`,
        `Backed up: ${done.file}, ${bytesText(done.bytes)}, ${entries} entries, ${done.blobs} photo files. It opens with the same key or passphrase: keep that elsewhere.`,
      ]),
    )
    for (const { space, digest } of done.digests) this.print(`  ${space}  ${shortDigest(digest)}`)
    return done
  }

  async #namedIn(file: string) {
    const { readConfig } = await import('../../gateway/config.ts')
    return this.must(readConfig(file))
  }
}
