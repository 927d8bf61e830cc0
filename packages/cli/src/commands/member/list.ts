import { DoorstepCommand } from '../../base-command.ts'
import { memberNames, spacesOf } from '../../station/names.ts'
import { roleText } from '../../voice/role-words.ts'
import { table } from '../../voice/table.ts'

export default class MemberList extends DoorstepCommand {
  static override description = '社区成员 · Members of the community'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(MemberList)
    const station = await this.open(flags)
    const names = memberNames(station)
    const spaces = new Map(spacesOf(station).map(({ id, name }) => [id, name]))
    const { members: all, stations } = station.membership()
    const members = [...all.values()]
      .filter(({ id }) => names.has(id))
      .map(({ id, role, spaces: given }) => ({
        id,
        name: names.get(id)!,
        role,
        grids: given.map((space) => ({ id: space, name: spaces.get(space) ?? space })),
        stations: [...stations.values()].filter((card) => card.member === id).map((card) => card.id),
      }))
    this.print(
      table(
        [
          this.words(['成员', 'Member']),
          this.words(['角色', 'Role']),
          this.words(['网格', 'Grids']),
          this.words(['站点', 'Stations']),
          'id',
        ],
        members.map((member) => [
          member.name,
          roleText(member.role, this.language),
          member.grids.map(({ name }) => name).join(' '),
          String(member.stations.length),
          member.id,
        ]),
      ),
    )
    return { members }
  }
}
