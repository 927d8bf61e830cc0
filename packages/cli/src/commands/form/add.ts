import { addForm, type FormUse, fail, formUses, homeExists } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { formMediaFlag, idArg } from '../../flags.ts'
import { checkReadForm } from '../../station/check-read-form.ts'
import { readForm } from '../../station/read-form.ts'
import { addedFormText } from '../../voice/forms-text.ts'

export default class FormAdd extends DoorstepCommand {
  static override description =
    '把表单加进社区,随数据走到每台机器 · Add a form to the community; it travels with the data'
  static override examples = [
    'doorstep form add 健康走访.xlsx',
    'doorstep form add visit.xlsx --media buildings.csv --for household --for case',
  ]
  static override args = {
    FILE: idArg('XLSForm 工作簿,或 XForm XML 文件 · a workbook (XLSForm), or an XForm'),
  }
  static override flags = {
    media: formMediaFlag,
    for: Flags.option({ options: formUses, multiple: true })({
      description: '用在哪里,默认住户走访 · what it is offered for; visits to households if not given',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormAdd)
    const form = this.must(await readForm(args.FILE, flags.media))
    if (form.id !== null) this.must(fail({ type: 'form-builtin', form: form.id }))
    const checked = await checkReadForm(form, this.language)
    const blocking = checked.problems.filter((one) => one.blocking)
    if (!checked.ok || form.xml === null)
      return this.must(fail({ type: 'form-not-sound', file: args.FILE, problems: blocking }))
    if (!homeExists(this.homeOf(flags))) this.must(fail({ type: 'no-home', home: this.homeOf(flags) }))
    const station = await this.open(flags)
    const files = {
      ...form.media,
      ...Object.fromEntries(
        Object.entries(form.attachments).map(([name, text]) => [name, new Uint8Array(Buffer.from(text))]),
      ),
    }
    const uses: readonly FormUse[] =
      flags.for && flags.for.length > 0 ? [...new Set(flags.for)] : ['household']
    const added = this.must(
      await addForm(station, {
        xml: form.xml,
        id: checked.id,
        version: checked.version,
        title: checked.title,
        ...(form.workbook ? { titles: form.workbook.titles } : {}),
        files,
        uses,
      }),
    )
    const { id, version, title, questions, problems } = checked
    const told = {
      ...added,
      id,
      version,
      title,
      uses,
      questions: questions.length,
      files: Object.keys(files),
    }
    this.print(addedFormText(told, problems, this.language))
    return { ...told, problems }
  }
}
