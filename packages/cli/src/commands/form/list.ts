import { builtinForms } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { table } from '../../voice/table.ts'

export default class FormList extends DoorstepCommand {
  static override description = '可用的表单 · Forms there are'

  async run(): Promise<unknown> {
    await this.parse(FormList)
    const forms = builtinForms.map(({ id, version, title, hazards }) => ({
      id,
      version,
      title: title[this.language],
      titles: title,
      opensCases: hazards !== undefined,
    }))
    this.print(
      table(
        ['id', this.words(['版本', 'Version']), this.words(['名称', 'Title'])],
        forms.map((form) => [form.id, form.version, form.title]),
      ),
    )
    return { forms }
  }
}
