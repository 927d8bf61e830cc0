import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { supportReport } from '../station/support-report.ts'
import { writeFileOnce } from '../station/write-file.ts'

export default class Support extends DoorstepCommand {
  static override description =
    '给维护者的报告,不含任何个人信息 · A report for maintainers, without anything personal'
  static override flags = {
    out: Flags.string({ description: '写进文件 · write it to a file' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Support)
    const startedAt = performance.now()
    const station = await this.open(flags)
    const openMs = performance.now() - startedAt
    const report = await supportReport(station, { openMs, version: this.config.version })
    const text = `${JSON.stringify(report, null, 2)}\n`
    if (!flags.out) {
      this.print(text.trimEnd())
      return report
    }
    this.must(writeFileOnce(flags.out, text))
    this.print(
      this.words([
        `报告写在 ${flags.out}:数目、大小、时间,没有人名、地址、电话。交出去之前可以自己看一遍。`,
        `The report is in ${flags.out}: counts, sizes and times; no names, addresses or numbers. Read it before handing it on.`,
      ]),
    )
    return { file: flags.out, bytes: Buffer.byteLength(text) }
  }
}
