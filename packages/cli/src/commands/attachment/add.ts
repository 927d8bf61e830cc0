import { type AttachmentKind, addAttachment, recordTypes } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickAnyRecord } from '../../station/pick-record.ts'
import { bytesText } from '../../voice/bytes.ts'
import { shortId } from '../../voice/value-text.ts'

const KINDS = Object.keys(recordTypes.attachment.fields.kind.choices) as AttachmentKind[]

export default class AttachmentAdd extends DoorstepCommand {
  static override description =
    '给住户、探访、案件或人添照片、扫描件、签名、录音 · Add photos, scans, signatures or recordings to a household, visit, case or person'
  static override examples = [
    'doorstep attachment add 1-2-301 meter.jpg --caption 电表',
    'doorstep attachment add vi-7f2 page1.jpg page2.jpg --kind scan',
  ]
  static override strict = false
  static override args = {
    ABOUT: idArg('住户、探访、案件或人员的编号,或门牌 · id of what it is about, or the door'),
    FILE: idArg('文件,可多个 · files'),
  }
  static override flags = {
    kind: Flags.option({ options: KINDS })({
      description: '种类,默认按文件 · what it is, by the file if not given',
    }),
    caption: Flags.string({ helpValue: 'TEXT|@-', description: '说明 · a caption' }),
    full: Flags.boolean({ description: '图片不缩小 · keep images at their full size' }),
  }

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(AttachmentAdd)
    const [about, ...files] = argv as [string, ...string[]]
    if (files.some((file) => file.startsWith('-')))
      wrongUse('文件名不能以 - 开头', 'a file name must not begin with -')
    const caption =
      flags.caption === undefined ? undefined : this.must(await new GivenText().value(flags.caption))
    const { prepareFile } = await import('../../attachment/prepare-file.ts')
    const station = await this.open(flags)
    const { id } = this.must(pickAnyRecord(station, about, this.language))
    const added = []
    for (const file of files) {
      const { isCleaned, ...ready } = this.must(await prepareFile(file, flags.kind, { full: flags.full }))
      const made = this.must(
        await addAttachment(station, {
          ...ready,
          about: id,
          ...(caption === undefined ? {} : { caption }),
        }),
      )
      const { kind, mediaType, width, height } = ready
      this.print(
        this.words([
          `已存好:${shortId(made.attachment)}  ${file}  ${bytesText(ready.bytes.length)}`,
          `Saved: ${shortId(made.attachment)}  ${file}  ${bytesText(ready.bytes.length)}`,
        ]),
      )
      if (!isCleaned)
        this.tell([
          `${file} 原样封存:文件里自带的信息(作者、设备等)没有去掉。`,
          `${file} was sealed as it is: what it says about itself (author, device) was not taken off.`,
        ])
      added.push({
        attachment: made.attachment,
        kind,
        mediaType,
        bytes: ready.bytes.length,
        previewBytes: ready.preview?.length ?? null,
        width: width ?? null,
        height: height ?? null,
        isCleaned,
        entries: made.entries,
      })
    }
    return { about: id, added }
  }
}
