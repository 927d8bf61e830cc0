import { alarmCard, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { alarmCardJson, alarmText } from '../../voice/alarm-text.ts'

export default class AlarmShow extends DoorstepCommand {
  static override description =
    '一次报警:数值、现状、谁处置过、下一步 · One alarm: figures, how it stands, who did what, what is next'
  static override args = { ID: idArg('报警编号 · id of the alarm') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AlarmShow)
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'alarm', args.ID, this.language))
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const card = alarmCard(set, id, { nowMs: station.now, language: this.language })
    if (!card) throw new Error(`picked alarm ${id} is not there`)
    this.print(alarmText(card, station.now, todayOf(station, this.language)))
    if (card.open && card.contact && card.household)
      this.tell([
        `要看电话:doorstep reveal ${card.household} ${card.contact.field} --reason emergency`,
        `To see the number: doorstep reveal ${card.household} ${card.contact.field} --reason emergency`,
      ])
    return alarmCardJson(card, this.language)
  }
}
