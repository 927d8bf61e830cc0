import { homeExists } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { formRowsHere } from '../../station/forms-here.ts'
import { formsText } from '../../voice/forms-text.ts'

export default class FormList extends DoorstepCommand {
  static override description =
    '可用的表单;--all 连旧版本和停用的 · Forms there are; with --all the old and the retired too'
  static override flags = {
    all: Flags.boolean({ description: '每个版本,停用的也要 · every version, retired ones too' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(FormList)
    // Without a home there are those that come with the package.
    const station = homeExists(this.homeOf(flags)) ? await this.open(flags) : null
    const forms = formRowsHere(station, this.language).filter((form) => flags.all || form.current)
    this.print(formsText(forms, flags.all, this.language))
    return { forms }
  }
}
