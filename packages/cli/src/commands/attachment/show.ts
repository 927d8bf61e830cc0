import { existsSync } from 'node:fs'
import { fail, listAttachments, openAttachment, openRecordSet, revealReasons } from '@doorstep/core'
import { Flags } from '@oclif/core'
import {
  attachmentJson,
  attachmentText,
  attachmentWords,
  doorOfAttachment,
} from '../../attachment/attachment-text.ts'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { writeFileOnce } from '../../station/write-file.ts'
import { isoTime } from '../../voice/time.ts'
import { shortId } from '../../voice/value-text.ts'

export default class AttachmentShow extends DoorstepCommand {
  static override description =
    '一件附件;要打开先写原因,先记下再给看 · One attachment; to open it say why, which is written down first'
  static override examples = [
    'doorstep attachment show at-7f2',
    'doorstep attachment show at-7f2 --reason verify',
    'doorstep attachment show at-7f2 --reason request --out meter.jpg',
  ]
  static override args = { ID: idArg('附件编号 · id of the attachment') }
  static override flags = {
    reason: Flags.string({
      helpValue: 'TEXT|@-',
      description: `原因,自己写或用 · why, in words or one of: ${Object.keys(revealReasons).join(', ')}`,
    }),
    out: Flags.string({ helpValue: 'FILE', description: '写成不加密的文件 · write it to a file, unsealed' }),
    preview: Flags.boolean({ description: '只要预览 · the preview only' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AttachmentShow)
    if (flags.out !== undefined && flags.reason === undefined)
      wrongUse('--out 要写 --reason', '--out needs --reason')
    const reason =
      flags.reason === undefined ? undefined : this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'attachment', args.ID, this.language))
    const set = openRecordSet(station, { follow: false })
    const row = listAttachments(station, set).find((one) => one.id === id)!
    const isPicture = row.mediaType.startsWith('image/')
    const canShow = isPicture && process.stdout.isTTY === true && this.onTerminal && !this.jsonEnabled()
    this.print(attachmentText(row, todayOf(station, this.language), doorOfAttachment(set, row)))
    const opens = reason !== undefined && (flags.out !== undefined || canShow)
    if (!opens) {
      const short = shortId(id)
      if (reason === undefined)
        this.print(
          this.words([
            `要打开:doorstep attachment show ${short} --reason 原因(先记下,再给看)`,
            `To open it: doorstep attachment show ${short} --reason TEXT (written down first)`,
          ]),
        )
      else
        this.tell([
          `没有打开,也没有记:这里显示不了。要存成文件:doorstep attachment show ${short} --reason 原因 --out 文件`,
          `Not opened, and nothing was written: it cannot be shown here. To save it: doorstep attachment show ${short} --reason TEXT --out FILE`,
        ])
      return { ...attachmentJson(row), opened: null }
    }
    if (flags.out !== undefined && existsSync(flags.out))
      this.must(fail({ type: 'file-exists', file: flags.out, record: shortId(id) }))
    const uses = flags.preview ? (['preview'] as const) : (['original', 'preview'] as const)
    const opened = this.must(await openAttachment(station, id, uses, reason!))
    if (opened.use === 'preview' && !flags.preview)
      this.tell(['原件不在这里,先给预览。', 'The original is not here: this is the preview.'])
    if (flags.out !== undefined) {
      this.must(writeFileOnce(flags.out, opened.bytes))
      this.tell([
        `已写到 ${flags.out},没有加密;已记下您打开过,以及原因。`,
        `Written to ${flags.out}, unsealed; it is written down that you opened it, and why.`,
      ])
    } else {
      const { toPng } = await import('../../attachment/prepare-file.ts')
      const { showPicture } = await import('../../attachment/show-picture.tsx')
      await showPicture(
        await toPng(opened.bytes),
        attachmentWords(row, this.language),
        this.words(['按任意键关闭', 'Any key closes it']),
      )
    }
    return {
      ...attachmentJson(row),
      opened: {
        use: opened.use,
        mediaType: opened.mediaType,
        bytes: opened.bytes.length,
        file: flags.out ?? null,
        revealed: { entry: opened.revealed.entry, at: isoTime(opened.revealed.atMs) },
      },
    }
  }
}
