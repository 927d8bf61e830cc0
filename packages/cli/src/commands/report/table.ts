import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail, fillForStation, findTemplate } from '@doorstep/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { gridFlag, idArg, wrongUse } from '../../flags.ts'
import { noteReport } from '../../station/note-report.ts'
import { reportFlags } from '../../station/report-flags.ts'
import { todayOf } from '../../station/today.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { reportWrittenText } from '../../voice/export-text.ts'

export default class ReportTable extends DoorstepCommand {
  static override description =
    '按模板填一份表:部门自己的 Excel 表式 · Fill in a template: a department’s own Excel form'
  static override examples = [
    'doorstep report table 探访月报 --month 2026-11 --to 11月.xlsx',
    'doorstep report table ./月报.xlsx --month 2026-11 --to 11月.xlsx',
  ]
  static override args = {
    TEMPLATE: idArg('模板的名称,或一个 .xlsx 文件 · name of a template, or an .xlsx file'),
  }
  static override flags = { ...reportFlags, grid: gridFlag() }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ReportTable)
    const file = resolve(flags.to)
    if (!file.toLowerCase().endsWith('.xlsx'))
      wrongUse('--to 的文件名要以 .xlsx 结尾', '--to takes a file that ends in .xlsx')
    if (!flags.replace && existsSync(file)) this.must(fail({ type: 'export-exists', file }))
    const station = await this.open(flags)
    const isFile = args.TEMPLATE.toLowerCase().endsWith('.xlsx') && existsSync(args.TEMPLATE)
    const template = isFile
      ? { name: args.TEMPLATE, bytes: this.must(readBytes(args.TEMPLATE)) }
      : this.must(findTemplate(station, args.TEMPLATE))
    const month = flags.month ?? todayOf(station, this.language).today.slice(0, 7)
    const filled = this.must(
      await fillForStation(station, template.bytes, {
        month,
        limit: flags.limit,
        language: this.language,
        ...(flags.grid === undefined ? {} : { grid: flags.grid }),
      }),
    )
    const { name } = template
    const noted = this.must(
      await noteReport(station, {
        name,
        month,
        file,
        format: 'xlsx',
        limit: flags.limit,
        reason: flags.reason,
      }),
    )
    this.must(writeFileOnce(file, filled.bytes))
    const done = { file, month, bytes: filled.bytes.length, noted }
    this.print(reportWrittenText(done, this.language))
    if (filled.hidden > 0)
      this.print(
        this.words([
          `${filled.numbers} 个数里有 ${filled.hidden} 个不公开(∗):涉及居民而太小,或会让人推算出太小的数。`,
          `${filled.hidden} of ${filled.numbers} numbers are hidden (∗): small ones about residents, and those that would give them away.`,
        ]),
      )
    return { ...done, template: name, numbers: filled.numbers, hidden: filled.hidden }
  }
}
