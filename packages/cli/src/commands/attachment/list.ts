import { type AttachmentRow, listAttachments, openRecordSet } from '@doorstep/core'
import { Args } from '@oclif/core'
import { attachmentJson, attachmentsText, doorOfAttachment } from '../../attachment/attachment-text.ts'
import { DoorstepCommand } from '../../base-command.ts'
import { pickAnyRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'

export default class AttachmentList extends DoorstepCommand {
  static override description =
    '照片、扫描件、录音,以及在哪里 · Photos, scans and recordings, and where they are'
  static override args = {
    ABOUT: Args.string({
      ignoreStdin: true,
      description: '只看这一户或这条记录(编号或门牌)· of this household or record, by id or door',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AttachmentList)
    const station = await this.open(flags)
    const about = args.ABOUT && this.must(pickAnyRecord(station, args.ABOUT, this.language))
    const set = openRecordSet(station, { follow: false })
    const rows = listAttachments(
      station,
      set,
      !about ? {} : about.type === 'household' ? { household: about.id } : { about: about.id },
    )
    const doorOf = about ? () => '' : (row: AttachmentRow) => doorOfAttachment(set, row)
    this.print(attachmentsText(rows, todayOf(station, this.language), doorOf))
    return { attachments: rows.map(attachmentJson) }
  }
}
