import { keepAttachment } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'

export default class AttachmentKeep extends DoorstepCommand {
  static override description =
    '把这件附件留在这台机器上;不在就去收 · Keep an attachment on this machine, and fetch it if it is not here'
  static override args = { ID: idArg('附件编号 · id of the attachment') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AttachmentKeep)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'attachment', args.ID, this.language))
    const { isHere } = this.must(keepAttachment(station, id))
    this.print(
      this.words(
        isHere
          ? ['会一直留在这里。', 'It stays here.']
          : [
              '下次遇到有它的站点就收来,并一直留着。',
              'It is fetched from the next station that has it, and stays.',
            ],
      ),
    )
    return { attachment: id, isHere }
  }
}
