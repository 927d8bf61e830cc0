import { dropAttachment } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { bytesText } from '../../voice/bytes.ts'

export default class AttachmentDrop extends DoorstepCommand {
  static override description =
    '这台机器上不留原件,别处的还在 · Let go of the original on this machine; others keep theirs'
  static override args = { ID: idArg('附件编号 · id of the attachment') }
  static override flags = {
    force: Flags.boolean({
      description: '哪怕不知道别处有没有 · even if no other station is known to keep it',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AttachmentDrop)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'attachment', args.ID, this.language))
    const { freedBytes } = this.must(dropAttachment(station, id, { force: flags.force }))
    this.print(
      this.words([
        `腾出 ${bytesText(freedBytes)}。要再收:doorstep attachment keep ${id}`,
        `${bytesText(freedBytes)} free. To have it again: doorstep attachment keep ${id}`,
      ]),
    )
    return { attachment: id, freedBytes }
  }
}
