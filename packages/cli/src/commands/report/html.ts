import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail, monthReport } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { noteReport } from '../../station/note-report.ts'
import { reportFlags } from '../../station/report-flags.ts'
import { todayOf } from '../../station/today.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { reportWrittenText } from '../../voice/export-text.ts'

export default class ReportHtml extends DoorstepCommand {
  static override description =
    '一个月的图表,一个网页文件:只有数,没有人 · A month in charts, one web page in a file: numbers and nobody’s data'
  static override examples = ['doorstep report html --month 2026-11 --to 月报.html']
  static override flags = {
    ...reportFlags,
    grid: gridFlag(),
    'without-names': Flags.boolean({
      description: '网格员用编号代替姓名 · numbers instead of workers’ names',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ReportHtml)
    const file = resolve(flags.to)
    if (!flags.replace && existsSync(file)) this.must(fail({ type: 'export-exists', file }))
    const station = await this.open(flags)
    const report = this.must(
      monthReport(station, {
        month: flags.month ?? todayOf(station, this.language).today.slice(0, 7),
        limit: flags.limit,
        withoutNames: flags['without-names'],
        ...(flags.grid === undefined ? {} : { grid: flags.grid }),
      }),
    )
    const noted = this.must(
      await noteReport(station, {
        name: 'month',
        month: report.month,
        file,
        format: 'html',
        limit: flags.limit,
        reason: flags.reason,
      }),
    )
    const { monthPage } = await import('../../report/month-page.ts')
    const page = monthPage(report, new Date(station.now).toISOString(), this.language)
    this.must(writeFileOnce(file, page))
    const done = { file, month: report.month, bytes: Buffer.byteLength(page), noted }
    this.print(reportWrittenText(done, this.language))
    return { ...done, report }
  }
}
