import { fillForm, hazardsOf } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { formMediaFlag, idArg } from '../../flags.ts'
import { withAnswerFiles } from '../../station/answer-files.ts'
import { readSoundForm } from '../../station/check-read-form.ts'
import { GivenText } from '../../station/given-text.ts'
import { filledFormText } from '../../voice/form-text.ts'

export default class FormFill extends DoorstepCommand {
  static override description = '用一份回答试填表单,什么都不存 · Try answers with a form; nothing is saved'
  static override args = {
    FILE: idArg(
      'XLSForm 工作簿、XForm XML 文件,或自带表单的编号 · a workbook (XLSForm), an XForm, or the id of one that comes along',
    ),
  }
  static override flags = {
    media: formMediaFlag,
    answers: Flags.string({
      required: true,
      helpValue: 'FILE|-',
      description: '回答(JSON)· answers as JSON',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormFill)
    const given = this.must(await new GivenText().json(flags.answers))
    const answers = this.must(await withAnswerFiles(given, flags.answers))
    const form = this.must(await readSoundForm(args.FILE, flags.media ?? [], this.language))
    const { attachments, xml } = form
    const filled = this.must(await fillForm(xml, answers, { language: this.language, attachments }))
    const hazards = form.id === null ? [] : hazardsOf(form.id, filled.values)
    this.print(filledFormText(filled, hazards, this.language))
    if (!filled.valid) process.exitCode = 1
    return { ...filled, hazards }
  }
}
