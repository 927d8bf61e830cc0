import { openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickSweep } from '../../station/pick-place.ts'
import { todayOf } from '../../station/today.ts'
import { sweepJson, sweepText } from '../../voice/sweep-text.ts'

export default class SweepShow extends DoorstepCommand {
  static override description =
    '一次行动走到哪了:按网格、楼栋、人 · How far a sweep has come, by grid, building and worker'
  static override args = { SWEEP: idArg('行动的名称或编号 · name or id of the sweep') }
  static override flags = {
    doors: Flags.boolean({
      description: '每一户,不只是双认领的 · every door, not only those claimed or visited twice',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SweepShow)
    const station = await this.open(flags)
    const now = todayOf(station, this.language)
    const set = openRecordSet(station, { follow: false })
    const card = this.must(pickSweep(set, args.SWEEP, { on: now.today, language: this.language }))
    this.print(sweepText(card, now, flags.doors))
    return sweepJson(card)
  }
}
