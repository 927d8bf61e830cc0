import { resolve } from 'node:path'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, gridFlag, idArg, wrongUse } from '../../flags.ts'
import { exportSubmissions } from '../../station/export-submissions.ts'
import { GivenText } from '../../station/given-text.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { exportedSubmissionsText } from '../../voice/forms-text.ts'

export default class FormExport extends DoorstepCommand {
  static override description =
    '导出一张表单的填报:CSV,或 ODK 的 XML;打星号,并记下 · The submissions of a form as CSV or as ODK XML; masked, and written down'
  static override examples = [
    'doorstep form export health-visit --to health.csv --from 2026-11-01 --split',
    'doorstep form export health-visit --version 2 --to ./submissions',
    'doorstep form export health-visit --to health.csv --unmasked --reason 街道汇总',
  ]
  static override args = { FORM: idArg('表单编号 · id of the form') }
  static override flags = {
    to: Flags.string({
      required: true,
      helpValue: 'FILE.csv|FOLDER',
      description:
        '以 .csv 结尾是表格(重复组另成一份),否则是放 XML 的文件夹 · a table where it ends in .csv (repeats go to files beside it), else a folder for XML',
    }),
    version: Flags.string({ description: '只要这个版本 · this version alone' }),
    from: dayFlag({ description: '从这天的探访起 · visits from this day on' }),
    until: dayFlag({ description: '到这天的探访止 · visits until this day' }),
    grid: gridFlag(),
    split: Flags.boolean({
      description: '多选题每个选项另有一列 · a column for each choice where several may be taken',
    }),
    separator: Flags.option({ options: ['-', '/'] as const, default: '-' as const })({
      description: '列名里分组与题之间 · between group and question in the names of columns',
    }),
    'no-bom': Flags.boolean({
      description:
        'CSV 开头不加 BOM(Excel 要有它才认得中文)· no byte order mark (Excel needs it for Chinese)',
    }),
    replace: Flags.boolean({ description: '盖掉已有的 · replace what is there' }),
    unmasked: Flags.boolean({
      dependsOn: ['reason'],
      description: '不打星号;要有原因,只有站长可以 · without masks; needs a reason, chiefs only',
    }),
    reason: Flags.string({ helpValue: 'TEXT|@-', description: '为什么导出 · why' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormExport)
    const reason = flags.reason === undefined ? null : this.must(await new GivenText().value(flags.reason))
    if (flags.unmasked && reason?.trim() === '') wrongUse('--reason 不能为空', '--reason must not be empty')
    const station = await this.open(flags)
    const { grid } = this.must(recordsOfGrid(station, flags.grid))
    const exported = this.must(
      await exportSubmissions(station, {
        form: args.FORM,
        to: resolve(flags.to),
        plain: flags.unmasked,
        language: this.language,
        split: flags.split,
        separator: flags.separator,
        bom: !flags['no-bom'],
        replace: flags.replace,
        ...(flags.version === undefined ? {} : { version: flags.version }),
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.until === undefined ? {} : { until: flags.until }),
        ...(grid ? { grid: grid.space } : {}),
        ...(reason === null ? {} : { reason: reason.trim() }),
      }),
    )
    this.print(exportedSubmissionsText(exported, this.language))
    return exported
  }
}
