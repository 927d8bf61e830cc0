import { DoorstepCommand } from '../../base-command.ts'
import { spacesOf, stationName } from '../../station/names.ts'
import { shortDigest } from '../../voice/digest.ts'
import { newerWords } from '../../voice/newer-text.ts'
import { table } from '../../voice/table.ts'

export default class SyncStatus extends DoorstepCommand {
  static override description = '我有什么,谁也有,几时知道的 · What I hold, who else holds it, as of when'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(SyncStatus)
    const station = await this.open(flags)
    const peers = station.peers()
    const named = (id: string) => ({ station: id, name: stationName(station, id) })
    const spaces = spacesOf(station).map(({ id, kind, name }) => {
      const last = station.lastOwnEntry(id)
      const mine = station.digest(id)
      return {
        ...mine,
        kind,
        name,
        lastOwnEntry: last && { log: last.entry.log, seq: last.entry.seq },
        /** Stations that hold the last local entry, this one included. */
        holdLastOwnEntry: last ? 1 + last.witnesses.length : 0,
        holders: last ? last.witnesses.map(named) : [],
        peers: peers
          .filter((peer) => peer.space === id)
          .map((peer) => ({
            ...named(peer.station),
            equal: peer.equal && peer.digest === mine.digest,
            asOf: new Date(peer.at).toISOString(),
          })),
      }
    })
    this.print(
      table(
        [
          this.words(['空间', 'Space']),
          this.words(['条', 'Entries']),
          this.words(['摘要', 'Digest']),
          this.words(['我最后一条在几台上', 'My last entry is on']),
        ],
        spaces.map((space) => [
          space.name,
          String(space.entries),
          shortDigest(space.digest),
          space.lastOwnEntry ? String(space.holdLastOwnEntry) : '–',
        ]),
      ),
    )
    const newer = station.newer()
    const newerLine = newerWords(newer)
    if (newerLine) this.tell(newerLine)
    return {
      station: station.identity.station,
      spaces,
      newer,
      held: station.quarantine().held.length,
      forks: station.forks(),
    }
  }
}
