import { listClaims, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { pickSweep } from '../../station/pick-place.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { claimJson, claimsText } from '../../voice/sweep-text.ts'

export default class ClaimList extends DoorstepCommand {
  static override description = '谁认领了哪些门 · Who has claimed which doors'
  static override flags = {
    double: Flags.boolean({ description: '只看两个人都认领的 · only what two people claimed' }),
    mine: Flags.boolean({ description: '只看我的 · my own only' }),
    all: Flags.boolean({ description: '连访完的、让出的、过期的 · those done, given up and expired too' }),
    sweep: Flags.string({ description: '只看这次行动 · of this sweep only' }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ClaimList)
    const station = await this.open(flags)
    const { grid } = this.must(recordsOfGrid(station, flags.grid))
    const set = openRecordSet(station, { follow: false })
    const now = todayOf(station, this.language)
    const { language } = this
    const card =
      flags.sweep === undefined ? null : this.must(pickSweep(set, flags.sweep, { on: now.today, language }))
    const rows = listClaims(set, {
      on: now.today,
      double: flags.double,
      all: flags.all,
      language,
      ...(card ? { sweeps: card.parts.map(({ sweep }) => sweep) } : {}),
      ...(grid ? { grid: grid.space } : {}),
      ...(flags.mine ? { by: station.identity.member } : {}),
    })
    this.print(claimsText(rows, now))
    return { claims: rows.map(claimJson) }
  }
}
