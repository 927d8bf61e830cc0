import { DoorstepCommand } from '../../base-command.ts'
import { formMediaFlag, idArg } from '../../flags.ts'
import { checkReadForm } from '../../station/check-read-form.ts'
import { readForm } from '../../station/read-form.ts'
import { checkedFormText } from '../../voice/form-text.ts'

export default class FormCheck extends DoorstepCommand {
  static override description = '检查表单,列出各题 · Look a form over, question by question'
  static override args = {
    FILE: idArg(
      'XLSForm 工作簿、XForm XML 文件,或自带表单的编号 · a workbook (XLSForm), an XForm, or the id of one that comes along',
    ),
  }
  static override flags = { media: formMediaFlag }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormCheck)
    const form = this.must(await readForm(args.FILE, flags.media))
    const checked = await checkReadForm(form, this.language)
    this.print(checkedFormText(checked, this.language))
    if (!checked.ok) process.exitCode = 1
    return checked
  }
}
