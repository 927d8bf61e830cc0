import { resolve } from 'node:path'
import { type ExportFilter, type ExportName, exportNames, fail } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { dayFlag, gridFlag, wrongUse } from '../flags.ts'
import { abortWhenInterrupted } from '../station/abort-when-interrupted.ts'
import { exportFormats, exportTable, formatOf } from '../station/export-table.ts'
import { GivenText } from '../station/given-text.ts'
import { todayOf } from '../station/today.ts'
import { exportedText } from '../voice/export-text.ts'
import { Progress } from '../voice/progress.ts'

export default class Export extends DoorstepCommand {
  static override description =
    '导出表格:Excel、CSV、JSON 行、GeoJSON;打星号,并记下 · A table as a file: Excel, CSV, JSON lines, GeoJSON; masked, and written down'
  static override examples = [
    'doorstep export households --to 住户.xlsx --grid 一号网格',
    'doorstep export visits --to visits.csv --from 2026-11-01 --until 2026-11-30 --columns address,visit.on,visit.outcome',
    'doorstep export register --to register.xlsx --unmasked --reason 街道普查',
  ]
  static override args = {
    WHAT: Args.string({
      required: true,
      ignoreStdin: true,
      options: [...exportNames],
      description: '哪张表 · which table',
    }),
  }
  static override flags = {
    to: Flags.string({
      required: true,
      helpValue: 'FILE',
      description: `写到哪里,按扩展名 · where to, in the form of its ending: ${exportFormats.join(', ')}`,
    }),
    grid: gridFlag(),
    tag: Flags.string({ description: '只要有这个标签的住户 · only households with this tag' }),
    category: Flags.string({ description: '只要有这个类别的住户 · only households of this category' }),
    from: dayFlag({ description: '探访或案件,从这天起 · visits or cases from this day on' }),
    until: dayFlag({ description: '探访或案件,到这天止 · visits or cases until this day' }),
    state: Flags.string({
      description: '案件状态、探访结果、居住状态 · state of a case, outcome of a visit, state of a residence',
    }),
    columns: Flags.string({
      helpValue: 'a,b,c',
      description: '只要这些列,按这个次序 · these columns in this order',
    }),
    codes: Flags.boolean({
      description:
        '列名和选项用代码,给程序读 · ids of columns and codes of choices, for programs (JSON has them always)',
    }),
    'no-bom': Flags.boolean({
      description:
        'CSV 开头不加 BOM(Excel 要有它才认得中文)· no byte order mark (Excel needs it for Chinese)',
    }),
    replace: Flags.boolean({
      description: '盖掉已有的同名文件 · replace a file of that name',
    }),
    unmasked: Flags.boolean({
      dependsOn: ['reason'],
      description: '不打星号;要有原因,只有站长可以 · without masks; needs a reason, chiefs only',
    }),
    reason: Flags.string({ helpValue: 'TEXT|@-', description: '为什么导出 · why' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Export)
    const file = resolve(flags.to)
    const format =
      formatOf(file) ??
      wrongUse(
        `--to 的文件名要以 ${exportFormats.map((one) => `.${one}`).join('、')} 结尾`,
        `--to takes a file that ends in ${exportFormats.map((one) => `.${one}`).join(', ')}`,
      )
    const reason = flags.reason === undefined ? null : this.must(await new GivenText().value(flags.reason))
    if (flags.unmasked && reason?.trim() === '') wrongUse('--reason 不能为空', '--reason must not be empty')
    const { existsSync } = await import('node:fs')
    if (!flags.replace && existsSync(file)) this.must(fail({ type: 'export-exists', file }))
    const station = await this.open(flags)
    const progress = new Progress(this.words(['导出', 'Exporting']))
    using interrupted = abortWhenInterrupted()
    const { grid, tag, category, from, until, state } = flags
    const filter = Object.fromEntries(
      Object.entries({ grid, tag, category, from, until, state }).filter(([, value]) => value !== undefined),
    ) as ExportFilter
    const exported = await exportTable(station, {
      what: args.WHAT as ExportName,
      filter,
      ...(flags.columns === undefined
        ? {}
        : { columns: flags.columns.split(/[,,]/).map((name) => name.trim()) }),
      on: todayOf(station, this.language).today,
      plain: flags.unmasked,
      language: this.language,
      file,
      format,
      ...(reason === null ? {} : { reason: reason.trim() }),
      codes: flags.codes,
      bom: !flags['no-bom'],
      signal: interrupted.signal,
      onProgress: (done, total) => progress.show(done, total),
    })
    progress.end()
    const done = this.must(exported)
    this.print(exportedText(done, this.language))
    return done
  }
}
