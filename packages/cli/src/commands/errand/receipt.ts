import { errandCard, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { receiptNumber, receiptPaper } from '../../paper/receipt-paper.ts'
import { writePaper } from '../../paper/write-paper.ts'
import { officeContact } from '../../station/office-contact.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { communityName, notePrint, paperFile, printedWords, printFlags } from '../../station/printing.ts'
import { todayOf } from '../../station/today.ts'

export default class ErrandReceipt extends DoorstepCommand {
  static override description =
    '给居民的回执:收了什么、还了什么、办到哪一步 · A receipt for the resident: what was taken, given back, and how far it is'
  static override args = { ID: idArg('代办编号 · id of the errand') }
  static override flags = printFlags

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ErrandReceipt)
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'errand', args.ID, this.language))
    const now = todayOf(station, this.language)
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const card = errandCard(set, id, { on: now.today, language: this.language })
    if (!card) throw new Error(`picked errand ${id} is not there`)
    const number = receiptNumber(card)
    const paper = receiptPaper(card, {
      now,
      size: flags.size,
      community: communityName(station),
      contact: officeContact(station),
    })
    const noted = this.must(
      await notePrint(station, 'receipt', {
        spaces: [space],
        count: 1,
        reason: number,
        subject: card.household,
      }),
    )
    const written = this.must(
      await writePaper(station, paperFile(flags.to, `${number.replace('/', '-')}.pdf`), paper.title, [paper]),
    )
    this.print(this.words(printedWords(written)))
    return { errand: id, number, export: noted?.export ?? null, ...written }
  }
}
