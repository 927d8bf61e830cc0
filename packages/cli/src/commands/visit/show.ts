import { calendarOf, openRecordSet, visitRow } from '@doorstep/core'
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
    this.print(visitText(visit, todayOf(station, this.language)))
    return visitJson(visit)
  }
}
