import { copyPerson, openRecordSet, retentionTable } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { recordPaper } from '../../paper/record-paper.ts'
import { writePaper } from '../../paper/write-paper.ts'
import { GivenText } from '../../station/given-text.ts'
import { memberNames } from '../../station/names.ts'
import { officeContact } from '../../station/office-contact.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { communityName, paperFile, printedWords, printFlags } from '../../station/printing.ts'
import { todayOf } from '../../station/today.ts'

export default class PrintRecord extends DoorstepCommand {
  static override description =
    '给本人:我们掌握的全部信息,大字,中英文 · For the person: all that is held about them, large, in both languages'
  static override examples = ['doorstep print record pe-7f2 --reason 本人要求 --to 副本.pdf']
  static override args = { PERSON: idArg('人员编号 · id of the person') }
  static override flags = {
    reason: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '原因 · why' }),
    ...printFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PrintRecord)
    const reason = this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'person', args.PERSON, this.language))
    const copy = this.must(await copyPerson(station, id, reason))
    const names = memberNames(station)
    const { today, timeZone } = todayOf(station, this.language)
    const paper = recordPaper({
      copy,
      size: flags.size,
      community: communityName(station),
      contact: officeContact(station),
      today,
      timeZone,
      retention: retentionTable(openRecordSet(station, { follow: false, spaces: [space] })),
      memberName: (member) => names.get(member) ?? member,
    })
    const written = this.must(
      await writePaper(station, paperFile(flags.to, `${id}.pdf`), paper.title, [paper]),
    )
    this.print(this.words(printedWords(written)))
    return { person: id, records: copy.records.length, entry: copy.entry, ...written }
  }
}
