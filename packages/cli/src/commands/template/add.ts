import { basename, extname } from 'node:path'
import { addTemplate } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { idArg } from '../../flags.ts'

export default class TemplateAdd extends DoorstepCommand {
  static override description =
    '把模板交给社区,每台机器都能用;同名的换成新的 · Give a template to the community; one of that name is replaced'
  static override examples = ['doorstep template add 月报.xlsx --name 探访月报']
  static override args = { FILE: idArg('标好 {{ }} 的 .xlsx · an .xlsx marked with {{ }}') }
  static override flags = {
    name: Flags.string({ description: '叫什么,不写就用文件名 · its name, that of the file unless told' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TemplateAdd)
    const bytes = this.must(readBytes(args.FILE))
    const name = flags.name ?? basename(args.FILE, extname(args.FILE))
    const station = await this.open(flags)
    const added = this.must(await addTemplate(station, name, bytes))
    this.print(
      this.words([
        `模板“${name}”加好了,同步后大家都有。用它:doorstep report table ${name} --to FILE.xlsx`,
        `The template "${name}" is added, and reaches everybody by syncing. Use it: doorstep report table ${name} --to FILE.xlsx`,
      ]),
    )
    return { ...added, name }
  }
}
