import { fail, handOver } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { memberNames, spacesOf } from '../../station/names.ts'
import { pickMember } from '../../station/pick-member.ts'

export default class GridHandover extends DoorstepCommand {
  static override description =
    '把网格从一名网格员交给另一名 · Hand a grid from one worker to another, in one signed act'
  static override args = { grid: Args.string({ required: true, description: '网格 · the grid' }) }
  static override flags = {
    from: Flags.string({ description: '原网格员 · who had it' }),
    to: Flags.string({ description: '新网格员 · who gets it' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GridHandover)
    const station = await this.open(flags)
    const grids = spacesOf(station).filter(({ kind }) => kind === 'grid')
    const grid = grids.find(({ id, name }) => id === args.grid || name === args.grid)
    if (!grid)
      return this.must(fail({ type: 'unknown-grid', grid: args.grid, grids: grids.map(({ name }) => name) }))
    if (flags.from === undefined && flags.to === undefined)
      this.must(fail({ type: 'nobody-named', grid: args.grid }))
    const from = flags.from === undefined ? null : this.must(pickMember(station, flags.from))
    const to = flags.to === undefined ? null : this.must(pickMember(station, flags.to))
    const { rekeyed } = this.must(await handOver(station, { from, to, spaces: [grid.id] }))
    const names = memberNames(station)
    const called = (id: string | null) => (id === null ? '–' : (names.get(id) ?? id))
    this.print(
      this.words([
        `${args.grid}:${called(from)} → ${called(to)}。还没送出的探访照样算数;下次同步后,网格到新网格员的机器上,并从原来的机器上离开。`,
        `${args.grid}: ${called(from)} → ${called(to)}. Visits not sent yet still count; with the next sync the grid reaches the new worker's machine and leaves the old one.`,
      ]),
    )
    return { grid: grid.id, from, to, rekeyed, next: 'doorstep sync now' }
  }
}
