import { householdCard, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { residentsText } from '../../voice/household-text.ts'

export default class HouseholdPeople extends DoorstepCommand {
  static override description = '这一户有谁 · Who belongs to a household'
  static override args = { ID: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdPeople)
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'household', args.ID, this.language))
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const now = todayOf(station, this.language)
    const card = householdCard(set, id, { on: now.today, language: this.language })
    if (!card) throw new Error(`picked household ${id} has no card`)
    const { residents, suggestions } = card
    this.print(
      residents.length === 0
        ? this.words(['没有登记的人。', 'Nobody is registered here.'])
        : residentsText(residents, this.language),
    )
    const people = residents.map(({ fields, ...resident }) => ({ ...fields, ...resident }))
    return { household: id, people, suggestions }
  }
}
