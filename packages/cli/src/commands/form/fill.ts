import { fillForm, hazardsOf } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { readForm } from '../../station/read-form.ts'
import { filledFormText } from '../../voice/form-text.ts'

export default class FormFill extends DoorstepCommand {
  static override description = '用一份回答试填表单,什么都不存 · Try answers with a form; nothing is saved'
  static override args = {
    FILE: idArg('XForm XML 文件,或自带表单的编号 · an XForm, or the id of one that comes along'),
  }
  static override flags = {
    answers: Flags.string({
      required: true,
      helpValue: 'FILE|-',
      description: '回答(JSON)· answers as JSON',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormFill)
    const answers = this.must(await new GivenText().json(flags.answers))
    const form = this.must(await readForm(args.FILE))
    const { attachments } = form
    const filled = this.must(await fillForm(form.xml, answers, { language: this.language, attachments }))
    const hazards = form.id === null ? [] : hazardsOf(form.id, filled.values)
    this.print(filledFormText(filled, hazards, this.language))
    if (!filled.valid) process.exitCode = 1
    return { ...filled, hazards }
  }
}
