import { diagnose } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class GatewayRestore extends DoorstepCommand {
  static override description =
    '从备份恢复工作站到空文件夹,并证明和备份时一样 · Restore a home from a backup into an empty folder, and prove that it is what was taken'
  static override examples = [
    'doorstep gateway restore /media/stick/gateway-1126.tar --home /var/lib/doorstep --key-file /etc/doorstep/key',
  ]
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: '备份文件 · the backup' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GatewayRestore)
    const { restoreHome } = await import('../../gateway/restore.ts')
    const secret = await this.secretOf(flags)
    const manifest = this.must(await restoreHome({ file: args.file, home: this.homeOf(flags), secret }))
    const station = await this.open(flags)
    const { ok, checks } = diagnose(station)
    const entries = manifest.digests.reduce((sum, one) => sum + one.entries, 0)
    this.print(
      this.words([
        `恢复好了:${entries} 条,摘要与备份时(${manifest.at})一致;${ok ? '全面检查没有问题' : '全面检查有问题:doorstep doctor'}。以后写在新的日志里,原来那台若还在也不会丢。`,
        `Restored: ${entries} entries, digests as at the backup (${manifest.at}); ${ok ? 'the doctor found nothing wrong' : 'the doctor is not content: doorstep doctor'}. It writes new logs from now on, so the machine it was taken of loses nothing if it is still there.`,
      ]),
    )
    return {
      home: station.home,
      at: manifest.at,
      digests: manifest.digests,
      blobs: manifest.blobs,
      doctor: { ok, checks },
    }
  }
}
