import { DoorstepCommand } from '../../base-command.ts'
import { memberNames, stationName } from '../../station/names.ts'
import { table } from '../../voice/table.ts'

export default class StationList extends DoorstepCommand {
  static override description = '社区的笔记本和网关 · Laptops and gateways of the community'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(StationList)
    const station = await this.open(flags)
    const names = memberNames(station)
    const peers = station.peers()
    const addresses = new Map(station.addresses().map((known) => [known.station, known.address]))
    const stations = [...station.membership().stations.values()]
      .filter(({ member }) => names.has(member))
      .map(({ id, member }) => {
        const heard = Math.max(0, ...peers.filter((peer) => peer.station === id).map((peer) => peer.at))
        return {
          id,
          name: stationName(station, id),
          member,
          memberName: names.get(member)!,
          self: id === station.identity.station,
          lastHeardAt: heard > 0 ? new Date(heard).toISOString() : null,
          address: addresses.get(id) ?? null,
        }
      })
    this.print(
      table(
        [
          this.words(['站点', 'Station']),
          this.words(['成员', 'Member']),
          this.words(['上次相遇', 'Last met']),
          this.words(['地址', 'Address']),
          'id',
        ],
        stations.map((card) => [
          card.name,
          card.memberName,
          card.self ? this.words(['本机', 'this one']) : (card.lastHeardAt ?? '–'),
          card.address ?? '–',
          card.id,
        ]),
      ),
    )
    return { stations }
  }
}
