import { fail } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { checkReadForm } from '../../station/check-read-form.ts'
import { readForm } from '../../station/read-form.ts'

/** Says what is wrong with the form if anything is; to keep it takes a record type that does not exist yet. */
export default class FormAdd extends DoorstepCommand {
  static override description = '把表单加进社区(尚不支持)· Add a form to the community (not supported yet)'
  static override args = { FILE: idArg('XForm XML 文件 · an XForm') }

  async run(): Promise<unknown> {
    const { args } = await this.parse(FormAdd)
    const form = this.must(await readForm(args.FILE))
    const { ok, title, problems } = await checkReadForm(form, this.language)
    return this.must(
      ok
        ? fail({ type: 'form-adding-not-supported', file: args.FILE, title })
        : fail({ type: 'form-not-sound', file: args.FILE, problems: problems.filter((one) => one.blocking) }),
    )
  }
}
