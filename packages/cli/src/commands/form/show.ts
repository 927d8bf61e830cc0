import { checkForm, fail, findForm } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { formRowsHere } from '../../station/forms-here.ts'
import { formText } from '../../voice/forms-text.ts'

export default class FormShow extends DoorstepCommand {
  static override description =
    '一张表单:版本、用处、题目 · One form: its versions, where it is used, its questions'
  static override args = { ID: idArg('表单编号 · id of the form') }
  static override flags = {
    version: Flags.string({ description: '版本,默认现用的 · the version; the one in use if not given' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FormShow)
    const station = await this.open(flags)
    const versions = formRowsHere(station, this.language).filter(({ id }) => id === args.ID)
    const form = findForm(station, args.ID, { version: flags.version ?? versions[0]?.version })
    const row = versions.find(({ version }) => version === form?.version)
    if (!form || !row)
      return this.must(
        fail({
          type: versions.length > 0 ? 'no-such-form-version' : 'no-such-form',
          form: args.ID,
          version: flags.version,
          versions: versions.map(({ version }) => version || '—'),
        }),
      )
    const attachments = form.attachments
    const { questions, languages } = await checkForm(form.xml, { attachments })
    this.print(formText(row, versions, { questions, languages }, this.language))
    return { ...row, languages, questions, versions }
  }
}
