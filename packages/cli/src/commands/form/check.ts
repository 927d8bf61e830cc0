import { checkForm } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { readForm } from '../../station/read-form.ts'
import { checkedFormText } from '../../voice/form-text.ts'

export default class FormCheck extends DoorstepCommand {
  static override description = '检查表单,列出各题 · Look a form over, question by question'
  static override args = {
    FILE: idArg('XForm XML 文件,或自带表单的编号 · an XForm, or the id of one that comes along'),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(FormCheck)
    const form = this.must(await readForm(args.FILE))
    const checked = await checkForm(form.xml, { attachments: form.attachments })
    this.print(checkedFormText(checked, this.language))
    if (!checked.ok) process.exitCode = 1
    return checked
  }
}
