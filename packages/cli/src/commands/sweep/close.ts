import { closeSweep, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickSweep } from '../../station/pick-place.ts'
import { todayOf } from '../../station/today.ts'
import { plural } from '../../voice/language.ts'

export default class SweepClose extends DoorstepCommand {
  static override description =
    '收工:不再认领,做过的都留着 · Close a sweep: nothing more is claimed, all that was done stays'
  static override args = { SWEEP: idArg('行动的名称或编号 · name or id of the sweep') }
  static override flags = {
    undo: Flags.boolean({ description: '收早了,重开 · it was closed too early: open it again' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SweepClose)
    const station = await this.open(flags)
    const on = todayOf(station, this.language).today
    const set = openRecordSet(station, { follow: false })
    const card = this.must(pickSweep(set, args.SWEEP, { on, language: this.language }))
    const sweep = card.parts[0]!.sweep
    const closed = this.must(await closeSweep(station, { sweep, undo: flags.undo }))
    const left = card.parts.length - closed.sweeps.length
    this.print(
      this.words(
        flags.undo
          ? [`已重开:${card.name}`, `Open again: ${card.name}`]
          : [
              `已收工:${card.name}${left > 0 ? `(另有 ${left} 个网格由别人收工)` : ''}`,
              `Closed: ${card.name}${left > 0 ? ` (${plural(left, 'more grid')} for others to close)` : ''}`,
            ],
      ),
    )
    return { sweep: closed.round, sweeps: closed.sweeps, entries: closed.entries }
  }
}
