import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class QuarantineDismiss extends DoorstepCommand {
  static override description =
    '看过,不再在本机列出;处处仍扣着 · Looked at: not listed here again; it stays held'
  static override args = { id: Args.string({ required: true }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(QuarantineDismiss)
    const station = await this.open(flags)
    this.must(station.dismiss(args.id))
    this.print(
      this.words([
        '不再列出。它没有算数,也没有删除。',
        'Not listed again. It does not count, and was not deleted.',
      ]),
    )
    return { dismissed: args.id }
  }
}
