import { errandCard, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { errandJson, errandText } from '../../voice/errand-text.ts'

export default class ErrandShow extends DoorstepCommand {
  static override description = '一件代办和它的步骤 · An errand with its steps'
  static override args = { ID: idArg('代办编号 · id of the errand') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ErrandShow)
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'errand', args.ID, this.language))
    const now = todayOf(station, this.language)
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const card = errandCard(set, id, { on: now.today, language: this.language })
    if (!card) throw new Error(`picked errand ${id} is not there`)
    this.print(errandText(card, now))
    return errandJson(card)
  }
}
