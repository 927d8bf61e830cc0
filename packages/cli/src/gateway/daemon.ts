/**
 * The gateway as a service: one home, its sources, the rules, the archive, and everybody it meets. What a configuration
 * changes is changed while the rest goes on.
 */
import {
  foldAlarm,
  lastWroteMs,
  ok,
  openRecordSet,
  openSeries,
  type RecordSet,
  type Result,
  type SeriesStore,
  type Station,
} from '@doorstep/core'
import type { LastKnown } from '@doorstep/drivers'
import { type Serving, serveStation } from '../station/serve-station.ts'
import { broke } from './broke.ts'
import { type Chore, keepDoing, makeDueCheckpoints } from './chores.ts'
import { sinkFor } from './collect.ts'
import type { GatewayConfig } from './config.ts'
import { hostPortText } from './config-values.ts'
import { createSources } from './create-sources.ts'
import { DeviceBook } from './device-book.ts'
import { DtuHub } from './dtu-hub.ts'
import { forgetReadings } from './forget-readings.ts'
import { serveHealth } from './health-server.ts'
import type { LocalServer } from './http-server.ts'
import { KeptOpen } from './kept-open.ts'
import { Lines } from './lines.ts'
import type { GatewayLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type OwnClock, watchOwnClock } from './own-clock.ts'
import { retentionAtMost } from './retention-at-most.ts'
import { RulesRound } from './rules-round.ts'
import { Sources } from './sources.ts'
import { bytesIn, diskOf, gridCounts, type StatusFacts, stationsMet } from './status-facts.ts'
import { LOW_DISK_SHARE, serveStatusPage } from './status-page.ts'

/** Facts for pages are counted at most so often: whoever reloads a page costs nothing more. */
const FACTS_MS = 5000
const REFRESH_MS = 1000
const DAY_MS = 86_400_000

export type GatewayDeps = {
  readonly station: Station
  readonly config: GatewayConfig
  readonly log: GatewayLog
  readonly version: string
}

export class Gateway {
  readonly #station: Station
  readonly #log: GatewayLog
  readonly #version: string
  readonly #startedMs: number
  readonly #set: RecordSet
  readonly #book: DeviceBook
  readonly #series: SeriesStore
  readonly #lines: Lines
  readonly #rules: RulesRound
  readonly #sources: Sources
  readonly #dtus = new DtuHub()
  readonly #metrics: Metrics
  #chores = new AbortController()
  #chored: Promise<unknown> = Promise.resolve()
  #clock: OwnClock
  #config: GatewayConfig
  #facts: { readonly atMs: number; readonly facts: StatusFacts } | null = null
  readonly #sync: KeptOpen<Serving>
  readonly #health: KeptOpen<LocalServer>
  readonly #page: KeptOpen<LocalServer>
  readonly #removed = Promise.withResolvers<void>()

  static async open(deps: GatewayDeps): Promise<Result<Gateway>> {
    const series = openSeries(deps.station)
    if (!series.ok) return series
    const gateway = new Gateway(deps, series.value)
    await gateway.apply(deps.config)
    return ok(gateway)
  }

  private constructor({ station, config, log, version }: GatewayDeps, series: SeriesStore) {
    this.#station = station
    this.#config = config
    this.#log = log
    this.#version = version
    this.#startedMs = station.now
    this.#series = series
    this.#set = openRecordSet(station)
    this.#book = new DeviceBook(
      this.#set,
      () => station.now,
      () => this.#refreshSoon(),
    )
    this.#lines = new Lines(
      station,
      () => this.#allowedDevices(),
      () => this.#refreshSoon(),
    )
    this.#metrics = createMetrics(() => this.#metricsNow())
    this.#rules = new RulesRound({
      station,
      set: this.#set,
      series,
      log,
      metrics: this.#metrics,
    })
    this.#sources = new Sources(log, (source, signal) =>
      sinkFor(
        source,
        {
          book: this.#book,
          series,
          log,
          metrics: this.#metrics,
          onKept: (observations) => this.#rules.heard(observations),
          onSaved: (problem) => {
            this.#cannotSave = problem !== null
          },
        },
        signal,
      ),
    )
    this.#sync = new KeptOpen('sync', log)
    this.#health = new KeptOpen('metrics', log)
    this.#page = new KeptOpen('status-page', log)
    this.#clock = this.#watchClock()
    this.#forgetErased()
  }

  /** Resolves when this gateway has learned that it was removed. */
  get removed(): Promise<void> {
    return this.#removed.promise
  }
  /** Where its pages are now; null while they are not. */
  get listening(): Readonly<Record<'health' | 'page', LocalServer | null>> {
    return { health: this.#health.current, page: this.#page.current }
  }
  get serving(): Serving | null {
    return this.#sync.current
  }

  /** What differs from what is in use is opened, closed or opened anew; all else goes on. */
  async apply(config: GatewayConfig): Promise<void> {
    const before = this.#config
    this.#config = config
    this.#facts = null
    this.#log.setLevel(config.log.level)
    if (config.home !== before.home || config.keyFile !== before.keyFile)
      this.#log.warn('config-needs-restart')
    this.#station.blobs.setBudget({ bytes: config.archive.most, originals: config.archive.photos })
    if (config.clock !== before.clock) {
      this.#clock.stop()
      this.#clock = this.#watchClock()
    }
    this.#lines.setNames(config.lines.map(({ name }) => name))
    const { listen, discover, peers, signaling, metrics, statusPage, language } = config
    await Promise.all([
      this.#sync.set({ listen, discover, peers, signaling }, () => this.#openSync()),
      this.#health.set(metrics, () =>
        serveHealth(metrics!, {
          ready: () => this.notReady(),
          metrics: () => this.#metrics.text(),
          metricsType: this.#metrics.contentType,
        }),
      ),
      this.#page.set(statusPage && { statusPage, language }, () =>
        serveStatusPage(statusPage!, language, () => this.facts()),
      ),
      this.#dtus
        .set(config.lines)
        .then(() => this.#sources.set(createSources(config, this.#lines, this.#dtus, this.#lastKnown))),
    ])
    await this.#restartChores()
  }

  /** So that a level a broker had kept can be told from news after a start. */
  readonly #lastKnown: LastKnown = (address, signal) => {
    const found = this.#book.find('mqtt', address, '')
    return found.type === 'device' ? (this.#series.latest(found.device.id, signal)?.value ?? null) : null
  }

  #watchClock(): OwnClock {
    const { station, config } = { station: this.#station, config: this.#config }
    return watchOwnClock({
      mode: config.clock,
      now: () => station.now,
      lastWroteMs: () => lastWroteMs(station),
      onChange: (isSet) => this.#log[isSet ? 'info' : 'warn'](isSet ? 'clock-offered' : 'clock-not-set'),
    })
  }

  async #openSync(): Promise<Result<Serving>> {
    const { listen, discover, peers, signaling } = this.#config
    const serving = await serveStation(this.#station, {
      listen: hostPortText(listen),
      discover,
      peers: peers.map(hostPortText),
      ...(signaling.listen ? { signaling: hostPortText(signaling.listen) } : {}),
      signalingUrls: signaling.servers,
      onTrouble: (problem) => this.#log.warn('sync-trouble', { problem }),
      offersTime: () => this.#clock.offered(),
    })
    if (serving.ok) serving.value.removed.then(() => this.#removed.resolve())
    return serving
  }

  async #restartChores(): Promise<void> {
    this.#chores.abort()
    await this.#chored
    this.#chores = new AbortController()
    const { signal } = this.#chores
    const { log } = this
    const chores: readonly Chore[] = [
      { name: 'rules', everyMs: this.#config.rules.every, run: () => this.#rules.run() },
      { name: 'lines', everyMs: 60_000, run: async () => this.#refreshLines() },
      { name: 'daily', everyMs: 3_600_000, run: () => this.#rules.summarise() },
      {
        name: 'checkpoints',
        everyMs: 3_600_000,
        run: () => makeDueCheckpoints(this.#station, this.#config.checkpoints.every, log),
      },
      { name: 'readings', everyMs: DAY_MS, run: () => this.#prune() },
      { name: 'sources', everyMs: 30_000, run: async () => this.#sources.look() },
      { name: 'disk', everyMs: 60_000, run: async () => this.#lookAtDisk() },
    ]
    this.#chored = Promise.all(
      chores.map((chore) =>
        keepDoing(chore, { log, metrics: this.#metrics, signal, firstMs: Math.min(chore.everyMs, 60_000) }),
      ),
    )
  }
  get log(): GatewayLog {
    return this.#log
  }

  *#allowedDevices() {
    for (const device of this.#book.all()) if (this.#book.isAllowed(device)) yield device
  }
  /** A sync brings many changes; lines are told once. */
  #refreshSoon(): void {
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = null
      this.#refreshLines()
    }, REFRESH_MS)
  }
  #refreshing: NodeJS.Timeout | null = null
  #refreshLines(): void {
    for (const source of this.#sources.list()) source.refresh?.()
    this.#lines.save()
  }
  async #prune(): Promise<void> {
    // A consent runs out by itself.
    await this.#forgetReadings()
    const pruned = await this.#series.prune(this.#station.now, retentionAtMost(this.#config.readings.keep))
    if (!pruned.ok) this.#log.warn('keep-failed', { source: 'readings', problem: pruned.problem })
    else if (pruned.value.thinned + pruned.value.dropped > 0)
      this.#log.info('pruned', { counts: { ...pruned.value } })
  }
  #cannotSave = false
  #isDiskLow = false
  #lookAtDisk(): void {
    const { freeBytes, totalBytes } = diskOf(this.#station.home)
    const isLow = freeBytes < totalBytes * LOW_DISK_SHARE
    if (isLow && !this.#isDiskLow) this.#log.warn('disk-low', { count: freeBytes })
    this.#isDiskLow = isLow
  }

  /** What was erased of the records, or retired, or is not allowed any more, goes from the raw readings too. */
  #forgetErased(): void {
    void this.#forgetReadings()
    this.#set.subscribe(({ records, erased }) => {
      if (
        records.some(
          ({ type, fields }) => type === 'consent' || (type === 'device' && fields.retiredOn !== undefined),
        )
      )
        void this.#forgetReadings()
      for (const { id, type } of erased)
        if (type === 'device')
          void this.#series.erase(id).then((done) => {
            if (!done.ok) this.#log.error('keep-failed', { source: 'readings', problem: done.problem })
          })
    })
  }

  #forgetting: Promise<void> | null = null
  #isClosing = false
  /** One after the other: what is written on the records calls for it again. */
  #forgetReadings(): Promise<void> {
    this.#forgetting = (this.#forgetting ?? Promise.resolve()).then(async () => {
      if (this.#isClosing) return
      try {
        const done = await forgetReadings(this.#station, this.#series, this.#set)
        if (!done.ok) this.#log.error('keep-failed', { source: 'readings', problem: done.problem })
      } catch (error) {
        // The next must not wait for ever behind one that broke.
        this.#log.error('keep-failed', { source: 'readings', ...broke(error) })
      }
    })
    return this.#forgetting
  }

  /** Why it is not ready, by name; empty when it is. */
  notReady(): readonly string[] {
    const services: string[] = [this.#sync, this.#page]
      .filter(({ problem }) => problem !== null)
      .map(({ name }) => name)
    const failing = this.#sources.statuses().filter(({ state }) => state === 'failing')
    if (this.#cannotSave || this.#isDiskLow) services.push('storage')
    if (this.#rules.isBroken) services.push('rules')
    return [...services, ...failing.map(({ name }) => `source ${name}`)]
  }

  #openAlarms(): number {
    let open = 0
    for (const alarm of this.#set.ofType('alarm')) if (foldAlarm(alarm).open) open++
    return open
  }

  facts(): StatusFacts {
    const atMs = this.#station.now
    if (this.#facts && Math.abs(atMs - this.#facts.atMs) < FACTS_MS) return this.#facts.facts
    const { store, readings } = bytesIn(this.#station.home)
    const facts: StatusFacts = {
      atMs,
      startedMs: this.#startedMs,
      version: this.#version,
      grids: gridCounts(this.#station, this.#set),
      devices: this.#rules.deviceStates(),
      alarmsOpen: this.#openAlarms(),
      sources: this.#sources.statuses().map(({ name, state, lastHeardMs }) => ({ name, state, lastHeardMs })),
      stations: stationsMet(this.#station, new Set(this.#peers())),
      storage: { ...diskOf(this.#station.home), usedBytes: store + readings },
      clock: { isSet: this.#clock.isSet, isOffered: this.#clock.offered() !== null },
    }
    this.#facts = { atMs, facts }
    return facts
  }
  #peers(): readonly string[] {
    return (this.#sync.current?.node.states() ?? []).flatMap(({ station, closed }) =>
      closed === null ? [station] : [],
    )
  }
  #metricsNow() {
    const facts = this.facts()
    const { store, readings } = bytesIn(this.#station.home)
    return {
      sources: this.#sources.statuses().map(({ name, state, lastHeardMs, restarts, counts }) => ({
        name,
        up: state === 'running',
        lastHeardMs,
        restarts,
        counts,
      })),
      devices: facts.devices,
      alarmsOpen: facts.alarmsOpen,
      peers: this.#peers().length,
      clockSet: facts.clock.isSet,
      freeDiskBytes: facts.storage.freeBytes,
      readingsBytes: readings,
      storeBytes: store,
    }
  }

  /** Sources first, then what they left to do; what was written is signed and on disk when it resolves. */
  async close(): Promise<void> {
    clearTimeout(this.#refreshing ?? undefined)
    this.#chores.abort()
    await this.#sources.close()
    await this.#dtus.close()
    await this.#chored
    await this.#rules.close()
    this.#lines.save()
    await Promise.all([this.#sync.close(), this.#health.close(), this.#page.close()])
    this.#clock.stop()
    this.#isClosing = true
    await this.#forgetting
    this.#book.close()
    this.#set.close()
    await this.#series.close()
    // Signs what nobody has fetched yet, so that a copy of the disk is whole by itself.
    const { community } = this.#station.identity
    for (const space of [community, ...this.#station.holdings()])
      this.#station.outgoing(space, this.#station.heads(space))
  }
}
