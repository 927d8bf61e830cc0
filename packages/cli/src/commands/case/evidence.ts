import { addAttachment, evidenceOf, listAttachments, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { attachmentsText } from '../../attachment/attachment-text.ts'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { evidenceText } from '../../voice/case-text.ts'
import { shortId } from '../../voice/value-text.ts'

const photos = (description: string) =>
  Flags.string({ multiple: true, multipleNonGreedy: true, helpValue: 'FILE', description })

export default class CaseEvidence extends DoorstepCommand {
  static override description =
    '整改前后的照片:添上,或看有哪些 · Pictures before and after: add some, or see what there is'
  static override examples = [
    'doorstep case evidence ca-7f2 --before before.jpg',
    'doorstep case evidence ca-7f2 --after after1.jpg --after after2.jpg',
  ]
  static override args = { ID: idArg('案件编号 · id of the case') }
  static override flags = {
    before: photos('整改前 · how it was'),
    after: photos('整改后 · how it is'),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseEvidence)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'case', args.ID, this.language))
    const added = []
    for (const phase of ['before', 'after'] as const)
      for (const file of flags[phase] ?? []) {
        const { prepareFile } = await import('../../attachment/prepare-file.ts')
        const { isCleaned: _, ...ready } = this.must(await prepareFile(file, undefined, { full: false }))
        const made = this.must(await addAttachment(station, { ...ready, about: id, phase }))
        this.print(
          this.words([
            `已存好:${shortId(made.attachment)}  ${file}`,
            `Saved: ${shortId(made.attachment)}  ${file}`,
          ]),
        )
        added.push({ attachment: made.attachment, phase, entries: made.entries })
      }
    const set = openRecordSet(station, { follow: false })
    const record = set.getA('case', id)
    if (!record) throw new Error(`picked case ${id} is not there`)
    const evidence = evidenceOf(set, record)
    this.print(evidenceText(evidence, this.language))
    const rows = listAttachments(station, set, { about: id })
    if (rows.length > 0) this.print(attachmentsText(rows, todayOf(station, this.language)))
    return { case: id, ...evidence, added }
  }
}
