import { diagnose } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { unheardNamed } from '../station/sync-truth.ts'
import { toldBy } from '../station/today.ts'
import { doctorText } from '../voice/doctor-text.ts'
import { newerWords } from '../voice/newer-text.ts'
import { Progress } from '../voice/progress.ts'
import { warning } from '../voice/sync-status-text.ts'

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
    this.print(doctorText(report, this.language))
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
