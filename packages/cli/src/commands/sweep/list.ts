import { listSweeps, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { todayOf } from '../../station/today.ts'
import { sweepRowJson, sweepsText } from '../../voice/sweep-text.ts'

export default class SweepList extends DoorstepCommand {
  static override description = '敲门行动,进行中的在前 · Sweeps, the open ones first'
  static override flags = {
    open: Flags.boolean({ description: '只看进行中的 · open ones only' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(SweepList)
    const station = await this.open(flags)
    const { today: on } = todayOf(station, this.language)
    const cards = listSweeps(openRecordSet(station, { follow: false }), {
      on,
      open: flags.open,
      language: this.language,
    })
    this.print(sweepsText(cards, this.language))
    return { sweeps: cards.map(sweepRowJson) }
  }
}
