import { readTemplate } from '@doorstep/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { templateCheckText } from '../../voice/template-text.ts'

export default class TemplateCheck extends DoorstepCommand {
  static override description = '看一份标好的工作簿对不对 · Check a workbook that was marked'
  static override examples = ['doorstep template check 月报.xlsx']
  static override args = { FILE: idArg('标好 {{ }} 的 .xlsx · an .xlsx marked with {{ }}') }

  async run(): Promise<unknown> {
    const { args } = await this.parse(TemplateCheck)
    const { cells, faults, lost } = this.must(await readTemplate(this.must(readBytes(args.FILE))))
    this.print(templateCheckText({ cells: cells.length, faults, lost }, this.language))
    if (faults.length > 0) process.exitCode = 1
    return { ok: faults.length === 0, cells: cells.length, faults, lost }
  }
}
