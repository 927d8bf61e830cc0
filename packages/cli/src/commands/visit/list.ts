import { listVisits, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { visitJson } from '../../voice/json.ts'
import { visitsText } from '../../voice/visit-text.ts'

export default class VisitList extends DoorstepCommand {
  static override description = '探访,最近的在前 · Visits, the latest first'
  static override flags = {
    household: Flags.string({ description: '只看这一户(编号或门牌)· of this household, by id or door' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(VisitList)
    const station = await this.open(flags)
    const household =
      flags.household === undefined
        ? null
        : this.must(pickRecord(station, 'household', flags.household, this.language))
    const visits = listVisits(openRecordSet(station, { follow: false }), {
      language: this.language,
      ...(household ? { household: household.id } : {}),
    })
    this.print(visitsText(visits, todayOf(station, this.language)))
    return { visits: visits.map(visitJson) }
  }
}
