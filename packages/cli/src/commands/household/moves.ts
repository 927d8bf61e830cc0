import { listMoves } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { todayOf } from '../../station/today.ts'
import { moveJson } from '../../voice/json.ts'
import { movesText } from '../../voice/move-text.ts'

export default class HouseholdMoves extends DoorstepCommand {
  static override description =
    '转过网格的住户,要处理的在前 · Households that changed grid, those that wait for somebody first'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(HouseholdMoves)
    const station = await this.open(flags)
    const rows = listMoves(station, { language: this.language })
    this.print(movesText(rows, todayOf(station, this.language)))
    return { moves: rows.map(moveJson) }
  }
}
