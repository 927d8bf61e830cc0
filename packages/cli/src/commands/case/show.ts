import { caseCard, caseKindOf, caseKindsOf, memberName, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { caseText } from '../../voice/case-text.ts'
import { caseJson } from '../../voice/json.ts'

export default class CaseShow extends DoorstepCommand {
  static override description = '一件案件和它的步骤 · One case with its steps'
  static override args = { ID: idArg('案件编号 · id of the case') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseShow)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'case', args.ID, this.language))
    const set = openRecordSet(station, { follow: false })
    const now = todayOf(station, this.language)
    const card = caseCard(set, id, { on: now.today, nowMs: station.now, language: this.language })
    if (!card) throw new Error(`picked case ${id} has no card`)
    const kind = caseKindOf(caseKindsOf(set), card.kind)
    this.print(caseText(card, card.with && memberName(set, card.with), kind, now))
    return caseJson(card)
  }
}
