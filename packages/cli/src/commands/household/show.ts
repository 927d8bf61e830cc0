import { caseCard, householdCard, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { householdText } from '../../voice/household-text.ts'
import { householdCardJson } from '../../voice/json.ts'

export default class HouseholdShow extends DoorstepCommand {
  static override description = '敲门前要知道的 · Everything to know before knocking'
  static override args = { ID: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdShow)
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'household', args.ID, this.language))
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const now = todayOf(station, this.language)
    const options = { on: now.today, language: this.language }
    const card = householdCard(set, id, options)
    if (!card) throw new Error(`picked household ${id} has no card`)
    this.print(householdText(card, now))
    const cases = card.cases.flatMap((row) => caseCard(set, row.id, options) ?? [])
    return householdCardJson(set, card, cases, this.language)
  }
}
