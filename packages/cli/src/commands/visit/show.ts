import {
  type AnswerDocument,
  calendarOf,
  findForm,
  type LabelledAnswer,
  labelAnswers,
  openRecordSet,
  type Station,
  type VisitRow,
  visitRow,
} from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { visitJson } from '../../voice/json.ts'
import { visitText } from '../../voice/visit-text.ts'

export default class VisitShow extends DoorstepCommand {
  static override description = '一次探访 · One visit'
  static override args = { ID: idArg('探访编号 · id of the visit') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(VisitShow)
    const station = await this.open(flags)
    const record = this.must(pickRecord(station, 'visit', args.ID, this.language))
    const set = openRecordSet(station, { follow: false })
    const visit = visitRow(set, record, calendarOf(set), this.language)
    const labelled = await this.#labelled(station, visit)
    this.print(visitText(visit, todayOf(station, this.language), labelled))
    return { ...visitJson(visit), labelled }
  }

  /** In the words of the version they were given to; null where that is not here, or they are masked. */
  async #labelled(station: Station, visit: VisitRow): Promise<readonly LabelledAnswer[] | null> {
    const { form, formVersion, formRecord, answers } = visit
    if (form === null || typeof answers !== 'object' || answers === null || Array.isArray(answers))
      return null
    const found = findForm(station, form, { version: formVersion ?? '', record: formRecord ?? undefined })
    if (!found) return null
    const { attachments } = found
    const labelled = await labelAnswers(found.xml, answers as AnswerDocument, {
      language: this.language,
      attachments,
    })
    return labelled.ok ? labelled.value : null
  }
}
