import { fail, parseRescueFile, restoreHome } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'

export default class PassphraseRestore extends DoorstepCommand {
  static override description = '用组长的答复和新口令打开 · Open with a chief’s answer and the new passphrase'
  static override examples = ['doorstep passphrase restore 答复.json']
  static override args = { grant: Args.string({ required: true, description: '答复文件 · the answer' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PassphraseRestore)
    const grant = this.must(parseRescueFile(this.must(readBytes(args.grant)).toString('utf8')))
    if (grant.doorstep !== 'rescue-grant/1')
      return this.must(fail({ type: 'not-a-rescue-file', file: args.grant }))
    if (this.onTerminal) this.tell(['申请时选的新口令:', 'The new passphrase, as chosen when asking:'])
    const secret = await this.secretOf(flags)
    await this.patiently(() => restoreHome(this.homeOf(flags), grant, secret))
    this.print(
      this.words([
        '好了:以后用新口令打开。没交的记录和没填完的表单都在。',
        'Done: it opens with the new passphrase. What was not handed over yet, and half-filled forms, are all there.',
      ]),
    )
    return { restored: true, station: grant.station }
  }
}
