import { createHash, type Hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expectOk, type Station } from '@doorstep/core'
import { createDice, type Dice } from '../../../core/test/oracle/dice.ts'
import { retireHome } from '../../src/node/retire.ts'
import { Home, type Image } from './home.ts'
import { Ledger } from './ledger.ts'
import { Link, type SimSessionDeps, type Weather } from './link.ts'
import { type Platform, takeOver } from './platform.ts'
import { newFolder, templateOf } from './template.ts'
import { Timeline } from './timeline.ts'

/** Raised with every kind of step that is added, for that changes what all numbers mean. */
export const EDITION = 2

export type WorldOptions = {
  readonly stations: number
  /** The edition of the simulator in which a number is to be told. */
  readonly edition?: number | undefined
  /** A line for every thing that happens. */
  readonly log?: ((line: string) => void) | undefined
  /** What sessions are given besides the world: features that are to be tried, limits. */
  readonly sessionDeps?: SimSessionDeps | undefined
}
/** A bundle on a stick, as it was when it was written. */
export type Stick = { readonly file: string; readonly from: string }

/** Everything of one history: machines, the network between them, time, chance, and the account of what was said. */
export class World {
  readonly options: WorldOptions
  readonly platform: Platform
  readonly timeline: Timeline
  readonly ledger = new Ledger()
  readonly homes: Home[] = []
  links: Link[] = []
  sticks: Stick[] = []
  /** Files that a removed station left for its colleagues: what it had not sent. */
  readonly unsent: Stick[] = []
  readonly backups: { readonly of: Home; readonly image: Image }[] = []
  readonly records: { readonly id: string; readonly space: string }[] = []
  /** How often each kind of fault and step happened. */
  readonly counts = new Map<string, number>()
  /** The founder's station, senior to all: nobody removes it. */
  founder = ''
  /** A planted fault: see the mutants. */
  forgetsCommits = false
  dice: Dice
  readonly #seed: number
  readonly #folder = newFolder()
  readonly #trace: Hash = createHash('sha256')
  #files = 0
  readonly #pending = new Set<Promise<unknown>>()

  private constructor(seed: number, platform: Platform, options: WorldOptions) {
    this.#seed = seed
    this.options = options
    this.platform = platform
    this.timeline = new Timeline(() => platform.settle())
    this.dice = createDice(mix(seed, 0))
    this.#diskDice = createDice(mix(seed, 11))
  }

  static async create(seed: number, options: WorldOptions): Promise<World> {
    const images = await templateOf(options.stations)
    const platform = takeOver(seed)
    const world = new World(seed, platform, options)
    platform.drainNonces(mix(seed, 1))
    platform.flushing.delay = (end) => world.#flush(end)
    for (const image of images) {
      const home = world.addHome()
      home.put(image)
      await world.do(async () => expectOk(await home.open()))
    }
    world.founder = world.homes[0]!.running.identity.station
    return world
  }

  /** What step number `n` draws does not depend on what other steps drew, so that a history can be cut shorter. */
  begin(step: number): void {
    this.dice = createDice(mix(this.#seed, 2 * step + 2))
    this.platform.reseed(mix(this.#seed, 2 * step + 3))
  }

  /** Drives a piece of work that waits for turns of its own. */
  async do<T>(work: () => Promise<T>): Promise<T> {
    let isDone = false
    const promise = work().finally(() => {
      isDone = true
    })
    promise.catch(() => undefined)
    for (;;) {
      await this.platform.settle()
      if (isDone) return promise
      // Time stands still, and it waits for the disk.
      this.platform.flushing.finish()
    }
  }

  /** Some disks take long; while everybody is to become equal none does. */
  #flush(end: () => void): void {
    const slowest = this.isHealed ? 1 : mix(this.#seed, 9) & 1 ? 1000 : 20
    this.timeline.after(this.#diskDice.below(slowest), end)
  }
  readonly #diskDice: Dice
  isHealed = false

  get edition(): number {
    return this.options.edition ?? EDITION
  }
  /** In half of the histories newcomers are offered a checkpoint as soon as there is one. */
  get sessionDeps(): SimSessionDeps {
    return {
      ...(this.edition > 1 && mix(this.#seed, 5) & 1 ? { minSavedEntries: 1 } : {}),
      ...this.options.sessionDeps,
    }
  }

  addHome(): Home {
    const at = this.homes.length
    const home = new Home(`h${at}`, join(this.#folder, `h${at}`), this.platform, this.timeline)
    this.homes.push(home)
    return home
  }
  newFile(): string {
    return join(this.#folder, `stick-${this.#files++}`)
  }

  // ---- network

  link(a: Home, b: Home, weather: Weather): Link {
    const link = new Link(this, a, b, weather)
    this.links.push(link)
    return link
  }
  drop(link: Link): void {
    link.takeDown()
    this.links = this.links.filter((other) => other !== link)
  }
  /** A machine stops: its wires break, and nothing it had under way reaches anybody. */
  unplug(home: Home): void {
    for (const link of this.links) if (link.a === home || link.b === home) link.takeDown()
    this.links = this.links.filter(({ isDown }) => !isDown)
  }
  unplugAll(): void {
    for (const link of this.links) link.takeDown()
    this.links = []
  }

  /** A station that heard of its removal, from somebody who has what it had not sent, ends itself. */
  retire(home: Home, station: Station): void {
    this.timeline.after(10, () => {
      if (home.station !== station || home.isRetired) return
      home.isRetired = true
      home.station = null
      this.count('retired')
      this.note(`${home.name} is destroyed`)
      this.unplug(home)
      const file = this.newFile()
      this.later(
        retireHome(station, 'removed', file).then((retired) => {
          if (retired.ok && retired.value.unsent) this.unsent.push({ file, from: home.name })
          else if (!retired.ok) this.note(`${home.name} could not be destroyed: ${retired.problem.type}`)
        }),
      )
    })
  }

  /** Work that nobody waits for now; what it throws is a failure of the history. */
  later(work: Promise<unknown>): void {
    this.#pending.add(work)
    work.then(
      () => this.#pending.delete(work),
      () => undefined,
    )
  }
  async settled(): Promise<void> {
    await this.do(async () => {
      await Promise.all(this.#pending)
    })
  }

  // ---- being told

  note(line: string): void {
    this.#trace.update(`${this.timeline.now} ${line}\n`)
    this.options.log?.(`${(this.timeline.now / 1000).toFixed(3).padStart(10)} s  ${line}`)
  }
  trace(where: string, bytes: Uint8Array): void {
    this.#trace.update(where).update(bytes)
  }
  count(what: string, by = 1): void {
    if (by > 0) this.counts.set(what, (this.counts.get(what) ?? 0) + by)
  }
  /** One number for everything that happened. */
  traceHash(): string {
    return this.#trace.copy().digest('hex')
  }

  async close(): Promise<void> {
    this.unplugAll()
    for (const home of this.homes) await this.do(() => home.shut())
    this.platform[Symbol.dispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Two numbers to one, well stirred. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) | 0
}
