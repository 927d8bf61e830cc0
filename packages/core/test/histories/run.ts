/**
 * Random histories of belonging through real stations: codecs, seals, SQLite, the gate. People write, meet half-way,
 * invite, remove, demote, hand over, ratify, release, restore backups and copy homes; some forge. What every station
 * accepts is compared with the oracle, whenever it has heard something, and all agree at the end.
 */
import { randomBytes } from 'node:crypto'
import { toHex } from '../../src/bytes/bytes.ts'
import type { Entry, EntryRef } from '../../src/log/entry.ts'
import type { Act } from '../../src/membership/act.ts'
import type { Role } from '../../src/membership/roles.ts'
import { expectOk } from '../../src/result.ts'
import {
  assignRole,
  giveKeys,
  handOver,
  leave,
  listVoided,
  ratifyAct,
  removeMember,
  removeStation,
} from '../../src/station/belonging.ts'
import { makeCheckpoint } from '../../src/station/checkpoint.ts'
import { addGrid } from '../../src/station/create-community.ts'
import { diagnose } from '../../src/station/doctor.ts'
import { eraseRecords } from '../../src/station/erase.ts'
import { createInvite, createStationInvite, grantRequest, joinWithInvite } from '../../src/station/invite.ts'
import type { Station } from '../../src/station/station.ts'
import { TestCommunity, testSecret } from '../../src/testing/test-community.ts'
import { noticesFor } from '../../src/trunk/erase.ts'
import { segmentsFor } from '../../src/trunk/send.ts'
import { signTails } from '../../src/trunk/sign.ts'
import { createChance } from '../convergence.ts'
import { Forger, write } from '../forge.ts'
import { compareWithOracle } from '../oracle/check.ts'
import { createOracle } from '../oracle/oracle.ts'
import { dataOf, tell, tellForged, tellStation } from './told.ts'

export type HistoryCount = {
  steps: number
  stations: number
  acts: number
  entries: number
  held: number
  carried: number
  voided: number
  forks: number
  forged: number
  refused: number
  erased: number
  checkpoints: number
  comparisons: number
}

const MAX_STATIONS = 9

export async function runBelonging(seed: number, steps: number): Promise<HistoryCount> {
  const run = new Run(seed)
  try {
    await run.open()
    for (let step = 0; step < steps; step++) await run.step(step)
    return await run.end(steps)
  } catch (error) {
    throw new Error(`seed ${seed}, ${steps} steps: ${error instanceof Error ? error.stack : error}`)
  } finally {
    await run.community.close()
  }
}

class Run {
  community!: TestCommunity
  readonly seed: number
  readonly #chance: (below: number) => number
  #stations: Station[] = []
  /** Those whose owners forge: they stand, but nothing is promised about them. */
  readonly #forgers = new Set<Station>()
  readonly #forged: { forger: Forger; entry: Entry; segment: Uint8Array }[] = []
  #comparisons = 0
  #erased = 0
  #checkpoints = 0
  #records: { id: string; space: string }[] = []

  constructor(seed: number) {
    this.seed = seed
    this.#chance = createChance(seed)
  }

  async open(): Promise<void> {
    const { community, founder } = await TestCommunity.create(['一号网格'])
    this.community = community
    expectOk(await addGrid(founder, '二号网格'))
    this.#stations = [founder]
    for (const role of ['chief', 'worker', 'worker'] as const) await this.#invite(founder, role, false)
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#chance(list.length)]!
  }

  async step(step: number): Promise<void> {
    const station = this.#pick(this.#stations)
    const what = this.#chance(100)
    if (what < 16) await this.#write(station, step)
    else if (what < 17) await this.#erase(station)
    else if (what < 18) await this.#makeCheckpoint(station)
    else if (what < 34) await this.#meet(station, this.#pick(this.#stations), false)
    else if (what < 48) await this.#meet(station, this.#pick(this.#stations), true)
    else if (what < 53) await this.#invite(station, this.#anyRole(), this.#chance(2) === 0)
    else if (what < 57) await this.#addStation(station)
    else if (what < 63) await removeMember(station, this.#anyMember(station))
    else if (what < 67) await removeStation(station, this.#anyStation(station))
    else if (what < 72) await assignRole(station, this.#anyMember(station), this.#anyRole())
    else if (what < 76) await this.#handOver(station)
    else if (what < 80) await this.#ratify(station)
    else if (what < 83) await this.#release(station)
    else if (what < 85) await this.#copy(station)
    else if (what < 86) await leave(station)
    else if (what < 88) await giveKeys(station, this.#anyStation(station))
    else if (what < 95) await this.#forgeData(this.#aForger(station), step)
    else await this.#forgeAct(this.#aForger(station))
    this.#compare([station])
  }

  #aForger(or: Station): Station {
    return this.#forgers.size > 0 ? this.#pick([...this.#forgers]) : or
  }
  #anyRole(): Role {
    return this.#pick(['chief', 'chief', 'worker', 'worker', 'steward', 'auditor', 'relay'] as const)
  }
  #anyMember(station: Station): string {
    return this.#pick([...station.trunk.acts.graph().members.keys()])
  }
  #anyStation(station: Station): string {
    return this.#pick([...station.trunk.acts.graph().claimsOf.keys()])
  }
  #anySpace(station: Station): string {
    const spaces = [...station.membership().spaces].filter(([, kind]) => kind === 'grid').map(([id]) => id)
    return this.#pick(spaces)
  }

  async #write(station: Station, step: number): Promise<void> {
    const space = this.#anySpace(station)
    const known = this.#records.filter((record) => record.space === space && station.get(record.id))
    const written = await station.write<unknown>('record.edit', (book) =>
      known.length > 0 && this.#chance(2) === 0
        ? book.edit(this.#pick(known).id, { set: { name: `楼${step}` } })
        : book.create('building', space, { set: { name: `楼${step}` } }),
    )
    if (written.ok && typeof written.value.value === 'string')
      this.#records.push({ id: written.value.value, space })
  }

  async #erase(station: Station): Promise<void> {
    const known = this.#records.filter(({ id }) => station.get(id))
    if (known.length === 0) return
    const erased = await eraseRecords(station, [this.#pick(known).id], { reason: 'test' })
    if (erased.ok) this.#erased++
  }

  async #makeCheckpoint(station: Station): Promise<void> {
    const made = await makeCheckpoint(station, this.#anySpace(station))
    if (made.ok) this.#checkpoints++
  }

  /** All that one has and the other lacks; or some of it, in any order, some of it twice. */
  async #meet(from: Station, to: Station, partly: boolean): Promise<void> {
    if (from === to) return
    const all = segmentsOf(from, (space) => to.heads(space))
    const some = partly ? this.#shuffled(all.filter(() => this.#chance(3) > 0)) : all
    const report = expectOk(await to.admit(some, from.identity.station))
    for (const { reason } of report.refused)
      if (this.#forgers.size === 0) throw new Error(`an honest entry was refused: ${reason}`)
    this.#compare([to])
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const items = [...list]
    for (let at = items.length - 1; at > 0; at--) {
      const other = this.#chance(at + 1)
      ;[items[at], items[other]] = [items[other]!, items[at]!]
    }
    return items
  }

  async #invite(chief: Station, role: Role, forges: boolean): Promise<void> {
    if (this.#stations.length >= MAX_STATIONS) return
    const invite = createInvite(chief, { role, name: '测试员', grids: role === 'worker' ? ['一号网格'] : [] })
    if (!invite.ok) return
    await this.#join(chief, invite.value, forges)
  }

  async #addStation(station: Station): Promise<void> {
    if (this.#stations.length >= MAX_STATIONS) return
    const member = this.#chance(2) === 0 ? station.identity.member : this.#anyMember(station)
    const invite = createStationInvite(station, { member })
    if (invite.ok) await this.#join(station, invite.value, this.#forgers.has(station))
  }

  async #join(
    granter: Station,
    invite: Parameters<typeof joinWithInvite>[2],
    forges: boolean,
  ): Promise<void> {
    const joined = expectOk(
      joinWithInvite(this.community.newHome(), testSecret, invite, { stationName: '新' }),
    )
    this.community.stations.push(joined.station)
    expectOk(await grantRequest(granter, joined.request))
    this.#stations.push(joined.station)
    if (forges) this.#forgers.add(joined.station)
    const acts = segmentsOf(granter, () => [], [granter.identity.community])
    expectOk(await joined.station.admit(acts, 'grant'))
  }

  async #handOver(station: Station): Promise<void> {
    const [from, to] = [this.#anyMember(station), this.#anyMember(station)]
    if (from === to) return
    await handOver(station, { from, to, spaces: [this.#anySpace(station)] })
  }

  async #ratify(station: Station): Promise<void> {
    const voided = listVoided(station)
    if (voided.length > 0) await ratifyAct(station, this.#pick(voided).act)
  }

  async #release(station: Station): Promise<void> {
    const { held } = station.quarantine()
    if (held.length > 0) await station.release(this.#pick(held).id)
  }

  /** A backup that was restored (noticed), or a copy that nothing noticed and that goes on in the same log. */
  async #copy(station: Station): Promise<void> {
    if (this.#stations.length >= MAX_STATIONS || this.#forgers.has(station)) return
    this.#stations.push(this.community.copyHome(station, { keepEpoch: this.#chance(2) === 0 }))
  }

  #someOf(refs: readonly EntryRef[]): EntryRef[] {
    return refs.filter(() => this.#chance(3) === 0).slice(0, 12)
  }

  /** Data with any past and in any space, in a new log or on top of an older entry of its own. */
  async #forgeData(station: Station, step: number): Promise<void> {
    if (!this.#forgers.has(station)) return
    const { store, identity } = station.trunk
    const space = this.#anySpace(station)
    const own = dataOf(station).filter(
      (entry) =>
        store.log(entry.log)!.space === space &&
        toHex(store.log(entry.log)!.key) === toHex(identity.signing.publicKey),
    )
    const forger =
      own.length > 0 && this.#chance(2) === 0
        ? this.#branchOf(station, space, this.#pick(own))
        : Forger.of(station, space)
    const others = dataOf(station)
      .filter((entry) => store.log(entry.log)!.space === space && entry.log !== forger.id)
      .map(({ log, seq, hash }) => ({ log, seq, hash }))
    const acts = this.#someOf(station.trunk.acts.graph().nodes.map(({ ref }) => ref))
    const added = station.trunk.acts.graph().claimsOf.get(identity.station)?.[0]?.node.ref
    const forged = {
      deps: this.#someOf(others),
      acts: added && this.#chance(8) > 0 ? withRef(acts, added) : acts,
    }
    const entry =
      this.#chance(4) > 0 && station.trunk.keyring.latest(station.membership(), space)
        ? forger.data(station, { ...forged, parts: [write(`bu-f${100 + step}`, { name: '伪' })] })
        : forger.standBy(forged)
    await this.#tellForged(station, forger, entry)
  }

  #branchOf(station: Station, space: string, entry: { log: string; seq: number; hash: Uint8Array }): Forger {
    const { epoch } = station.trunk.store.log(entry.log)!
    return Forger.of(station, space, epoch).goOnFrom(entry)
  }

  async #forgeAct(station: Station): Promise<void> {
    if (!this.#forgers.has(station)) return
    const graph = station.trunk.acts.graph()
    const { community } = station.identity
    const added = graph.claimsOf.get(station.identity.station)?.[0]?.node
    if (!added) return
    const past = withRef(this.#someOf(graph.nodes.map(({ ref }) => ref)), added.ref)
    const forger = Forger.of(station, community)
    const entry = forger.act(this.#anyAct(station), { deps: past })
    await this.#tellForged(station, forger, entry)
  }

  #anyAct(station: Station): Act {
    const cut = this.#someOf(dataOf(station).map(({ log, seq, hash }) => ({ log, seq, hash })))
    const member = this.#anyMember(station)
    switch (this.#chance(6)) {
      case 0:
      case 1:
        return { type: 'remove', member, cut }
      case 2:
        return { type: 'remove-station', station: this.#anyStation(station), cut }
      case 3:
        return { type: 'assign', roles: [[member, this.#anyRole()]], spaces: [] }
      case 4:
        return { type: 'ratify', act: this.#pick(station.trunk.acts.graph().nodes).ref.hash }
      default:
        return {
          type: 'generation',
          space: this.#anySpace(station),
          generation: new Uint8Array(randomBytes(16)),
          boxes: [],
        }
    }
  }

  async #tellForged(station: Station, forger: Forger, entry: Entry): Promise<void> {
    const segment = forger.segment(entry)
    this.#forged.push({ forger, entry, segment })
    expectOk(await station.admit([segment], 'forged'))
  }

  #compare(stations: readonly Station[]): void {
    const { acts, entries } = tell(this.#stations)
    this.#comparisons++
    const told = stations.map((station) => tellStation(station, station.identity.station))
    const differences = compareWithOracle(acts, entries, told)
    if (differences.length > 0) throw new Error(differences.slice(0, 6).join('\n'))
  }

  async end(steps: number): Promise<HistoryCount> {
    await this.#deliverAll()
    this.#compare(this.#stations)
    const standing = this.#stations.filter((station) => station.isMember())
    this.#sameEverywhere(standing)
    const first = standing.find((station) => station.member()?.role === 'chief')
    if (first) this.#refusedRightly(first)
    const data = first ? dataOf(first) : []
    const { quarantine } = { quarantine: first?.quarantine() }
    return {
      steps,
      stations: this.#stations.length,
      acts: first?.trunk.acts.graph().nodes.length ?? 0,
      entries: data.length,
      held: data.filter(({ status }) => status === 'held').length,
      carried: quarantine?.carried.length ?? 0,
      voided: first?.membership().voided.length ?? 0,
      forks: first?.forks().length ?? 0,
      forged: this.#forged.length,
      refused: first?.quarantine().refused.length ?? 0,
      erased: this.#erased,
      checkpoints: this.#checkpoints,
      comparisons: this.#comparisons,
    }
  }

  /** A2: what a station that holds all spaces did not take in, the oracle calls invalid too. */
  #refusedRightly(station: Station): void {
    const { acts, entries } = tell(this.#stations)
    const oracle = createOracle(acts, entries)
    for (const { forger, entry } of this.#forged) {
      if (station.trunk.store.entry(entry.hash)) continue
      const told = tellForged(station, forger.log, entry)
      if (!told) continue
      const id = toHex(entry.hash)
      if ('act' in told) oracle.addAct(told.act)
      else oracle.addEntry(told.entry)
      if ('act' in told ? oracle.valid(id) : oracle.validEntry(id))
        throw new Error(`${id} was not taken in, and the oracle calls it valid`)
    }
  }

  /** Everything to everybody in random orders, until nobody writes anything new. */
  async #deliverAll(): Promise<void> {
    for (let round = 0; round < 14; round++) {
      let news = 0
      for (const from of this.#shuffled(this.#stations))
        for (const to of this.#shuffled(this.#stations)) {
          if (from === to) continue
          const segments = segmentsOf(from, (space) => to.heads(space))
          if (segments.length === 0) continue
          news += expectOk(await to.admit(segments, from.identity.station)).admitted
        }
      for (const to of this.#stations)
        news += expectOk(
          await to.admit(
            this.#forged.map(({ segment }) => segment),
            'forged',
          ),
        ).admitted
      if (news === 0) return
    }
    throw new Error('stations still had news for each other')
  }

  #sameEverywhere(standing: readonly Station[]): void {
    const seen = new Map<string, string>()
    for (const station of standing) {
      for (const space of [station.identity.community, ...station.holdings()]) {
        const { digest, recordsDigest } = station.digest(space)
        const reads = station.spaces().some(({ id }) => id === space)
        const lacksKeys = station.trunk.store.voids().some(({ reason }) => reason === 'no-key')
        for (const [name, value] of [
          [`${space} entries`, digest],
          ...(reads && recordsDigest && !lacksKeys ? [[`${space} records`, recordsDigest]] : []),
        ] as [string, string][]) {
          if (seen.has(name) && seen.get(name) !== value) throw new Error(`${name} differ`)
          seen.set(name, value)
        }
      }
      const diagnosis = diagnose(station)
      if (!diagnosis.ok) throw new Error(`doctor: ${JSON.stringify(diagnosis.checks)}`)
    }
  }
}

const withRef = (refs: readonly EntryRef[], ref: EntryRef): EntryRef[] => [
  ...refs.filter((other) => toHex(other.hash) !== toHex(ref.hash)),
  ref,
]

/** Everything a station holds that somebody with these heads lacks, whoever may read it; membership first. */
function segmentsOf(
  from: Station,
  heads: (space: string) => readonly EntryRef[],
  only?: readonly string[],
): Uint8Array[] {
  const { store, identity } = from.trunk
  store.transaction(() => signTails(from.trunk))
  const spaces = new Set([identity.community, ...store.logs().map(({ log }) => log.space)])
  return [...spaces]
    .filter((space) => !only || only.includes(space))
    .flatMap((space) => {
      const plan = segmentsFor(store, space, heads(space))
      return [...noticesFor(store, space, plan), ...plan].map(({ row }) => from.segment(row))
    })
}
