import { diagnose } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { unheardNamed } from '../station/sync-truth.ts'
import { toldBy } from '../station/today.ts'
import { newerWords } from '../voice/newer-text.ts'
import { Progress } from '../voice/progress.ts'
import { warning } from '../voice/sync-status-text.ts'
import { table } from '../voice/table.ts'

const NAMES = {
  file: ['存储文件', 'Store file'],
  entries: ['条目与链', 'Entries and chains'],
  signatures: ['签名', 'Signatures'],
  erasures: ['删除', 'Erasures'],
  records: ['记录重算', 'Records folded again'],
  checkpoints: ['检查点', 'Checkpoints'],
  blobs: ['照片与录音', 'Photos and recordings'],
  'void-parts': ['作废部分', 'Void parts'],
  forks: ['分叉', 'Forks'],
  newer: ['要更新的版本', 'Needs a newer version'],
  unheard: ['久无消息的站点', 'Stations without word'],
} as const

export default class Doctor extends DoorstepCommand {
  static override description =
    '全面检查:文件、签名、链、记录 · Checks the file, signatures, chains and records'
  static override flags = {
    repair: Flags.boolean({
      description: '从日志重算不一致的记录 · fold differing records again from the log',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Doctor)
    const station = await this.open(flags)
    const progress = new Progress(this.words(['检查', 'Checking']))
    const report = diagnose(station, {
      repair: flags.repair,
      onProgress: (done, of) => progress.show(done, of),
    })
    progress.end()
    this.print(
      table(
        [this.words(['检查', 'Check']), this.words(['结果', 'Result']), this.words(['详情', 'Detail'])],
        report.checks.map(({ name, ok, detail }) => [
          this.words(NAMES[name]),
          ok ? this.words(['好', 'ok']) : this.words(['不对', 'WRONG']),
          detail,
        ]),
      ),
    )
    const newerLine = newerWords(station.newer())
    if (newerLine) this.tell(newerLine)
    if (station.member()?.role === 'chief')
      for (const line of warning(unheardNamed(station), toldBy(station, this.language)))
        process.stderr.write(`${line}\n`)
    if (!report.ok) {
      process.exitCode = 1
      this.tell([
        '日志没有被改动。可用 doorstep doctor --repair 从日志重算记录,或从别的站点读入数据包。',
        'The log was not changed. Try doorstep doctor --repair, or read a bundle from another station.',
      ])
    }
    return report
  }
}
