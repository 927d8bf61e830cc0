import { listCheckpoints, type Pruned, prune } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { spacesMeant } from '../../station/names.ts'

export default class CheckpointPrune extends DoorstepCommand {
  static override description =
    '每个站点都见过、检查点又总进去的旧条目,从这台机器上去掉 · Take away old entries that every station has seen and a checkpoint sums up'
  static override flags = {
    grid: gridFlag(),
    'even-here': Flags.boolean({
      description: '这台机器是存档也去掉 · also where everything is kept',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CheckpointPrune)
    const station = await this.open(flags)
    const spaces: (Pruned & { space: string })[] = []
    const meant = this.must(spacesMeant(station, flags.grid))
    const ready = meant.filter((space) => listCheckpoints(station, space).length > 0)
    for (const space of ready.length > 0 ? ready : meant)
      spaces.push({ space, ...this.must(await prune(station, space, { evenHere: flags['even-here'] })) })
    const sum = (name: 'entries' | 'kept') => spaces.reduce((total, space) => total + space[name], 0)
    this.print(
      this.words([
        `去掉了 ${sum('entries')} 条旧条目。还有 ${sum('kept')} 条要留着:有站点还没说见过它们。`,
        `Took ${sum('entries')} old entries away. ${sum('kept')} more stay: some station has not said that it saw them.`,
      ]),
    )
    return { spaces }
  }
}
