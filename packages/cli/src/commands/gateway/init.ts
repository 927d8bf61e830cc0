import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fail } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { exampleConfig } from '../../gateway/config-example.ts'
import { writeFileOnce } from '../../station/write-file.ts'

export default class GatewayInit extends DoorstepCommand {
  static override description =
    '写一份带说明的网关配置,照着改 · Write a commented configuration of a gateway, to be changed'
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      description: '写到哪里;不写就印出来 · where to; printed when not given',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GatewayInit)
    const file = args.file === undefined ? null : resolve(args.file)
    const keyFile = flags['key-file'] ?? (file === null ? '/etc/doorstep/key' : join(dirname(file), 'key'))
    const content = exampleConfig(this.language, { home: this.homeOf(flags), keyFile: resolve(keyFile) })
    if (file === null) {
      this.print(content.trimEnd())
      return { file: null, content }
    }
    if (existsSync(file)) this.must(fail({ type: 'config-exists', file }))
    this.must(writeFileOnce(file, content))
    this.print(
      this.words([
        `写好了:${file}。改好后:\n  doorstep gateway check ${file}\n  doorstep gateway run --config ${file}`,
        `Written: ${file}. When it is as you want it:\n  doorstep gateway check ${file}\n  doorstep gateway run --config ${file}`,
      ]),
    )
    return { file, content }
  }
}
