import { DoorstepCommand } from '../../base-command.ts'
import { ownName } from '../../station/names.ts'
import { clockWarning, ownVisits, spaceTruths, unheardNamed } from '../../station/sync-truth.ts'
import { toldBy } from '../../station/today.ts'
import { clockCommand } from '../../voice/clock-doubt-text.ts'
import { newerWords } from '../../voice/newer-text.ts'
import { lastOwnJson, peerJson, unheardJson, visitJson, workJson } from '../../voice/sync-json.ts'
import { syncStatusText } from '../../voice/sync-status-text.ts'

export default class SyncStatus extends DoorstepCommand {
  static override description = '我有什么,谁也有,几时知道的 · What I hold, who else holds it, as of when'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(SyncStatus)
    const station = await this.open(flags)
    const told = toldBy(station, this.language)
    const facts = {
      name: ownName(station),
      spaces: spaceTruths(station),
      work: station.ownWork(),
      visits: ownVisits(station),
      unheard: unheardNamed(station),
      held: station.quarantine().held.length,
      clock: clockWarning(station),
      isChief: station.member()?.role === 'chief',
    }
    this.print(syncStatusText(facts, told))
    const newer = station.newer()
    const newerLine = newerWords(newer)
    if (newerLine) this.tell(newerLine)
    const { members, others } = splitMembers(facts.spaces)
    return {
      station: station.identity.station,
      spaces: others.map(({ peers, ...space }) => ({
        ...space,
        ...lastOwnJson(station, space.id),
        peers: peers.map(peerJson),
      })),
      members: members && { ...members, peers: members.peers.map(peerJson) },
      ownWork: workJson(facts.work, told.nowMs),
      lastVisit: facts.visits.last && visitJson(facts.visits.last),
      visitsToday: facts.visits.today,
      warnAfterDays: facts.unheard.afterDays,
      unheard: facts.unheard.stations.map(unheardJson),
      clock: facts.clock && {
        station: facts.clock.station,
        name: facts.clock.name,
        aheadMs: facts.clock.aheadMs,
        set: clockCommand(facts.clock),
      },
      newer,
      held: facts.held,
      forks: station.forks(),
    }
  }
}

const splitMembers = <T extends { readonly kind: string }>(spaces: readonly T[]) => ({
  members: spaces.find(({ kind }) => kind === 'members') ?? null,
  others: spaces.filter(({ kind }) => kind !== 'members'),
})
