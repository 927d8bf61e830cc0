import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class QuarantineRelease extends DoorstepCommand {
  static override description = '放行扣下的条目,连同它的前文 · Let a held entry count, with all its past'
  static override args = { id: Args.string({ required: true }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(QuarantineRelease)
    const station = await this.open(flags)
    const report = this.must(await station.release(args.id))
    this.print(this.words([`已放行 ${report.carried} 条。`, `Released ${report.carried} entries.`]))
    return { released: report.carried }
  }
}
