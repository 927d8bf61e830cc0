import { DoorstepCommand } from '../../base-command.ts'
import { memberNames, spacesOf } from '../../station/names.ts'
import { table } from '../../voice/table.ts'

export default class GridList extends DoorstepCommand {
  static override description = '网格和各自的网格员 · Grids and who works in them'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(GridList)
    const station = await this.open(flags)
    const names = memberNames(station)
    const { members } = station.membership()
    const grids = spacesOf(station)
      .filter(({ kind }) => kind === 'grid')
      .map(({ id, name }) => ({
        id,
        name,
        workers: [...members.values()]
          .filter((member) => member.spaces.includes(id))
          .map((member) => ({ id: member.id, name: names.get(member.id) ?? member.id })),
      }))
    this.print(
      table(
        [this.words(['网格', 'Grid']), this.words(['网格员', 'Workers']), 'id'],
        grids.map((grid) => [grid.name, grid.workers.map(({ name }) => name).join(' '), grid.id]),
      ),
    )
    return { grids }
  }
}
