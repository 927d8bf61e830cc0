import { dispatchCard, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { dispatchText } from '../../voice/dispatch-text.ts'
import { dispatchJson } from '../../voice/json.ts'

export default class DispatchShow extends DoorstepCommand {
  static override description = '一件派遣和它的回报 · One dispatch with its reports'
  static override args = { ID: idArg('派遣编号 · id of the dispatch') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DispatchShow)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'dispatch', args.ID, this.language))
    const now = todayOf(station, this.language)
    const card = dispatchCard(openRecordSet(station, { follow: false }), id, { on: now.today })
    if (!card) throw new Error(`picked dispatch ${id} has no card`)
    this.print(dispatchText(card, now))
    return dispatchJson(card)
  }
}
