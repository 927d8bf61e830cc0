import { dropTemplate } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'

export default class TemplateDrop extends DoorstepCommand {
  static override description = '撤下一个模板 · Take a template down'
  static override args = { NAME: idArg('模板的名称 · its name') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TemplateDrop)
    const station = await this.open(flags)
    const dropped = this.must(await dropTemplate(station, args.NAME))
    this.print(this.words([`模板“${args.NAME}”撤下了。`, `The template "${args.NAME}" is taken down.`]))
    return { name: args.NAME, ...dropped }
  }
}
