import {
  addressOf,
  alarmCard,
  calendarOf,
  caseCard,
  caseKindsOf,
  dispatchCard,
  errandCard,
  formSourceOf,
  homeSheet,
  isPracticeCommunity,
  listAlarms,
  listAttachments,
  listErrands,
  listFormRows,
  listSweeps,
  listVisits,
  type Problem,
  type RecordSet,
  type Station,
  shortAddress,
  titleIn,
  worksAtDesk,
} from '@doorstep/core'
import { chiefView } from '../station/chief-view.ts'
import { sheetFrame } from '../station/home-sheet.ts'
import { memberNames, spacesOf } from '../station/names.ts'
import type { Unheard } from '../station/sync-truth.ts'
import { sheetParts } from '../voice/home-sheet-words.ts'
import type { Language } from '../voice/language.ts'
import { wordingOf } from '../voice/problems.ts'
import { isChartLoaded, loadChart } from '../voice/visits-chart.ts'
import { alarmKey } from './alarms.ts'
import { boardOf } from './data/board.ts'
import { dayFacts, diaryLines } from './data/day.ts'
import { dispatchesIn } from './data/dispatches.ts'
import { doorFacts } from './data/door.ts'
import { Finder } from './data/finder.ts'
import { type FormSource, stationForms } from './data/forms.ts'
import { LiveLists } from './data/live-lists.ts'
import { LookAlikes, mergeFacts, peopleFacts } from './data/people.ts'
import { sheetTyped } from './data/sheet.ts'
import { NO_MEETINGS, quarantineLines, syncFacts, truthOf, unheardByChief } from './data/sync.ts'
import { act } from './desk-effects.ts'
import type { Facts, Need } from './facts.ts'
import { FormDesk } from './form-desk.ts'
import { findDrafts } from './form-draft.ts'
import { goOn, type Place, stepBack } from './place.ts'
import { reduce } from './reduce.ts'
import { type Effect, type Event, initialState, needOf, type State, topOf } from './state.ts'
import { SyncDesk, type SyncOptions } from './sync-desk.ts'

export type DeskOptions = {
  readonly station: Station
  readonly records: RecordSet
  readonly language: Language
  readonly size: { readonly columns: number; readonly rows: number }
  /** Null stays offline. */
  readonly sync: SyncOptions | null
  readonly onQuit: () => void
  /** Alarms came in while somebody sits here: to be heard as well as seen. */
  readonly onAlarm?: () => void
  /** The forms that there are, where these are not those of the package. */
  readonly forms?: FormSource
  /** Null where nothing could be typed to open it again. */
  readonly lock: LockOptions | null
  /** Where somebody was when it was locked. */
  readonly place?: Place | undefined
}

export type LockOptions = {
  /** Nobody presses a key for so long; 0 is never. In milliseconds. */
  readonly afterMs: number
  readonly onLock: () => void
}

/** Changes of others are collected this long before lists are made anew, in milliseconds. */
const COLLECT_MS = 60
const CLOCK_MS = 10_000
/** Nobody presses a key for so long, in milliseconds: at a door, and anywhere. Loading takes half a second. */
/** How often it is looked whether it is time to lock: by the wall clock, for a laptop that slept does not count its sleep. */
const LOCK_LOOK_MS = 2000
const READING_MS = 700
const RESTING_MS = 2500
/** How often it is looked who has not been heard of, in milliseconds. */
const UNHEARD_MS = 60_000
const MINUTE_MS = 60_000

/**
 * What stands between the screen and the station: it holds the state, gives it the facts it asks for, and does what
 * the reducer says is to be done. The screen reads `state` and calls `dispatch`; nothing else.
 */
export class Desk {
  readonly station: Station
  readonly records: RecordSet
  readonly forms: FormDesk
  readonly lists: LiveLists
  readonly finder: Finder
  readonly alikes: LookAlikes
  readonly sync: SyncDesk | null
  readonly #options: DeskOptions
  readonly #listeners = new Set<() => void>()
  readonly #stops: (() => void)[] = []
  readonly #working = new Set<Promise<void>>()
  #state: State
  /** The one picture that may be drawn now: it is in no state that is kept. */
  #picture: { readonly record: string; readonly image: Buffer } | null = null
  /** What the facts of the top screen were made from; they are made anew when it differs. */
  #suppliedFor = ''
  #boardFor = ''
  #boardMs = 0
  #alarmsFor = ''
  #alarmsKnown: ReadonlySet<string> | null = null
  #truthFor = ''
  #unheard: readonly Unheard[] = []
  #unheardMs = Number.NEGATIVE_INFINITY
  #idle: NodeJS.Timeout | null = null
  /** Rises with what is not in the record set: sessions, lists, forms. */
  #tick = 0
  #timer: NodeJS.Timeout | null = null
  #touchedMs = Date.now()

  constructor(options: DeskOptions) {
    const { station, records, language, size } = options
    this.#options = options
    this.station = station
    this.records = records
    this.forms = new FormDesk(station, records, options.forms ?? stationForms(station))
    this.finder = new Finder(records)
    this.alikes = new LookAlikes(records)
    this.lists = new LiveLists(station, records, () => this.#later())
    this.sync = options.sync
      ? new SyncDesk({
          station,
          options: options.sync,
          onState: () => this.#later(),
          onPresence: (presence) => this.dispatch({ type: 'facts', facts: { presence } }),
          onRemoved: () => options.onQuit(),
        })
      : null
    const role = station.member()?.role
    const outside = role !== undefined && worksAtDesk(role)
    this.#state = initialState({
      language,
      timeZone: calendarOf(records).timeZone,
      nowMs: station.now,
      size,
      who: {
        member: memberNames(station).get(station.identity.member) ?? '',
        id: station.identity.member,
        grids: gridsOf(station, outside ? 'desk' : 'grid'),
        releases: role === 'chief' || role === 'steward',
        leads: role === 'chief',
        outside,
        practice: isPracticeCommunity(station.identity.community),
      },
    })
    if (options.place) this.#state = { ...this.#state, ...stepBack(options.place) }
    this.#supply()
    this.dispatch({ type: 'facts', facts: { drafts: findDrafts(station, records) } })
    if (options.place) this.#work(goOn(this, options.place))
    this.#stops.push(records.subscribe(() => this.#later()))
  }

  /** Looks at the clock once more after so many milliseconds. */
  tickIn(ms: number): void {
    const timer = setTimeout(() => this.dispatch({ type: 'clock', nowMs: this.station.now }), ms)
    timer.unref()
    this.#stops.push(() => clearTimeout(timer))
  }

  /** Everything that may come after the first screen. */
  start(): void {
    const clock = setInterval(() => this.dispatch({ type: 'clock', nowMs: this.station.now }), CLOCK_MS)
    this.#stops.push(() => clearInterval(clock))
    this.#watchIdle()
    if (this.sync) this.#work(this.#startSync(this.sync))
  }

  #watchIdle(): void {
    const { lock } = this.#options
    if (!lock || lock.afterMs === 0) return
    const look = setInterval(
      () => {
        if (Date.now() - this.#touchedMs >= lock.afterMs) lock.onLock()
      },
      Math.min(LOCK_LOOK_MS, lock.afterMs),
    )
    this.#stops.push(() => clearInterval(look))
  }

  /** Somebody is there: a key was pressed, whatever it means. */
  touch(): void {
    this.#touchedMs = Date.now()
  }

  /** Where somebody is, with what is being typed. */
  place(): Place {
    const { screens, parked, language } = this.#state
    return { screens, parked: [...parked], language }
  }

  /** Puts back a screen that a key would not lead to at once: a form, once it is open. */
  restore(state: Partial<Pick<State, 'screens' | 'notice'>>): void {
    this.#state = { ...this.#state, ...state }
    this.dispatch({ type: 'facts', facts: {} })
  }

  async #startSync(sync: SyncDesk): Promise<void> {
    const started = await sync.start()
    if (!started.ok) this.fail(started.problem)
    this.#later()
  }

  get state(): State {
    return this.#state
  }
  get day(): string {
    return calendarOf(this.records).dayOf(this.station.now)
  }

  /** What was opened for `record`, as PNG, as long as the state shows it. */
  picture(record: string): Buffer | null {
    return this.#picture?.record === record ? this.#picture.image : null
  }
  putPicture(record: string, image: Buffer): void {
    this.#picture = { record, image }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  dispatch(event: Event): void {
    const { state, effects } = reduce(this.#state, event)
    this.#state = state
    const top = topOf(state)
    if (top.type !== 'photos' || !top.seen) this.#dropPicture(effects)
    this.#supply()
    for (const effect of effects) this.#do(effect)
    if (event.type !== 'facts' && event.type !== 'clock') this.#prepare()
    for (const listener of [...this.#listeners]) listener()
  }

  /** Bytes that nobody sees any more are overwritten. */
  #dropPicture(effects: readonly Effect[]): void {
    if (!this.#picture || effects.some(({ type }) => type === 'show-photo')) return
    this.#picture.image.fill(0)
    this.#picture = null
  }

  #do(effect: Effect): void {
    if (effect.type === 'quit') this.#options.onQuit()
    else if (effect.type === 'lock') this.#lock()
    else this.#work(act(this, effect))
  }

  #lock(): void {
    const { lock } = this.#options
    if (lock) lock.onLock()
    else
      this.dispatch({
        type: 'failed',
        words: [
          '这个工作站不用口令打开,锁不上。Q 退出。',
          'This home opens without a passphrase: there is nothing to lock it with. Q leaves.',
        ],
      })
  }

  /** Work under way is awaited before the station closes. A failure here is a bug of ours: it ends the program. */
  #work(work: Promise<void>): void {
    this.#working.add(work)
    const done = () => this.#working.delete(work)
    work.then(done, (error: unknown) => {
      done()
      this.#options.onQuit()
      throw error
    })
  }

  /** An expected failure, in words. */
  fail(problem: Problem): void {
    const zh = wordingOf(problem, 'zh').message
    const en = wordingOf(problem, 'en').message
    this.dispatch({ type: 'failed', words: [zh, en] })
  }

  /** Facts anew, at once: after our own writes, before the screen moves on. */
  refresh(): void {
    this.#tick++
    this.#supply()
  }

  #later(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = null
        this.#tick++
        this.dispatch({ type: 'facts', facts: {} })
        // While much comes in, keys come first: lists take a quarter of the time at most.
      },
      Math.max(COLLECT_MS, 3 * this.#boardMs),
    )
  }

  /** While somebody reads, what comes next is loaded: the form engine at a door, the long lists elsewhere. */
  #prepare(): void {
    if (this.#idle) clearTimeout(this.#idle)
    const atDoor = topOf(this.#state).type === 'door'
    this.#idle = setTimeout(
      () => this.#work(atDoor ? this.forms.warm() : this.lists.open()),
      atDoor ? READING_MS : RESTING_MS,
    )
    this.#idle.unref()
  }

  // ---- facts

  #supply(): void {
    const { language, size } = this.#state
    const { day } = this
    const lists = `${this.records.revision} ${day} ${language}`
    const common = `${lists} ${this.#tick}`
    const facts: Partial<Mutable<Facts>> = {}
    if (this.#truthFor !== common) {
      this.#truthFor = common
      facts.truth = truthOf(this.station, this.sync?.meetings() ?? NO_MEETINGS, this.#unheardNow())
      const held = this.station.quarantine().held.length
      if (this.#boardFor !== `${lists} ${held}`) {
        this.#boardFor = `${lists} ${held}`
        const startedMs = performance.now()
        facts.board = boardOf(this.records, this.station, { day, language, held })
        this.#boardMs = performance.now() - startedMs
      }
    }
    const alarmsFor = `${lists} ${Math.floor(this.station.now / MINUTE_MS)}`
    if (this.#alarmsFor !== alarmsFor) {
      this.#alarmsFor = alarmsFor
      facts.alarms = this.#alarmsNow(language)
    }
    const need = needOf(this.#state)
    const clocked = need?.type === 'alarm' || need?.type === 'door' ? alarmsFor : ''
    const asked = `${common} ${clocked} ${size.rows} ${JSON.stringify(need)}`
    if (need && this.#suppliedFor !== asked) {
      this.#suppliedFor = asked
      Object.assign(facts, this.#answer(need, day, language))
    }
    const screen = topOf(this.#state)
    if (screen.type === 'form') facts.form = this.forms.facts({ summary: screen.at === 'summary' })
    if (Object.keys(facts).length > 0) this.#state = reduce(this.#state, { type: 'facts', facts }).state
    this.sync?.standAt('household' in screen && screen.household !== null ? screen.household : null)
  }

  /** Without a verdict; what was not there a moment ago is heard. */
  #alarmsNow(language: Language): Facts['alarms'] {
    if (this.#state.who.outside) return []
    const alarms = listAlarms(this.records, { open: true, nowMs: this.station.now, language })
    const keys = new Set(alarms.map(alarmKey))
    if (this.#alarmsKnown && [...keys].some((key) => !this.#alarmsKnown!.has(key))) this.#options.onAlarm?.()
    this.#alarmsKnown = keys
    return alarms
  }

  /** Days go by slowly, and every log is looked at: not at every change. */
  #unheardNow(): readonly Unheard[] {
    const { now } = this.station
    if (Math.abs(now - this.#unheardMs) >= UNHEARD_MS) {
      this.#unheardMs = now
      this.#unheard = unheardByChief(this.station)
    }
    return this.#unheard
  }

  /** Cases of which this member is to be told. */
  #noticed(): ReadonlySet<string> {
    return new Set(this.#state.facts.board?.notices.map((one) => one.case))
  }

  /** Asks again what could not be answered before something was loaded. */
  #retry(need: Need): void {
    if (need.type === 'search' && this.#state.facts.search?.text !== need.text) this.#later()
  }

  #answer(need: Need, day: string, language: Language): Partial<Facts> {
    const { records, station } = this
    switch (need.type) {
      case 'door':
        return {
          door: doorFacts(records, need.household, { day, language, nowMs: station.now }),
          photos: listAttachments(station, records, { household: need.household }),
          kinds: [...caseKindsOf(records).values()].filter(({ disabled }) => !disabled),
          forms: this.forms.source.offers(),
        }
      case 'search':
        this.#work(this.finder.open().then(() => this.#retry(need)))
        return this.#found(need.text, day, language)
      case 'cases':
        return {
          cases: this.lists.cases(need, { day, nowMs: station.now, language, noticed: this.#noticed() }),
        }
      case 'case':
        return { case: caseCard(records, need.id, { on: day, nowMs: station.now, language }) }
      case 'alarm':
        return { alarm: alarmCard(records, need.id, { nowMs: station.now, language }) }
      case 'errands':
        return { errands: listErrands(records, { on: day, household: need.household, language }) }
      case 'errand':
        return { errand: errandCard(records, need.id, { on: day, language }) }
      case 'dispatches':
        return { dispatches: dispatchesIn(records, need.scope, day) }
      case 'dispatch':
        return { dispatch: dispatchCard(records, need.id, { on: day }) }
      case 'conflicts':
        this.#work(this.lists.open())
        return { conflicts: this.lists.conflicts(language) }
      case 'quarantine':
        return { quarantine: quarantineLines(station) }
      case 'sync':
        return {
          sync: syncFacts(station, records, this.sync?.meetings() ?? NO_MEETINGS),
        }
      case 'sweeps':
        return { sweeps: listSweeps(records, { on: day, language }) }
      case 'diary':
        return { diary: diaryLines(records, need.household, need.scope, { day, language }) }
      case 'people':
        if (!this.alikes.isOpen) this.#work(this.alikes.open().then(() => this.#later()))
        return { people: peopleFacts(records, this.alikes.finder, need, { day, language }) }
      case 'merge':
        return { merge: mergeFacts(records, { ...need, kind: 'person' }, { day, language }) }
      case 'meters': {
        const sheet = homeSheet(records, need.household, { on: day, nowMs: station.now, language })
        const door = shortAddress(addressOf(records, records.getA('household', need.household)))
        return {
          meters: sheet && {
            ...{ household: need.household, door },
            parts: sheetParts(sheet, sheetFrame(station, language)),
          },
        }
      }
      case 'overview':
        if (!isChartLoaded()) this.#work(loadChart().then(() => this.#later()))
        return { overview: chiefView(station, records, { on: day, language }) }
      case 'day':
        return { day: dayFacts(records, station, { day, language }) }
      case 'history':
        return { history: listVisits(records, { household: need.household, language }) }
    }
  }

  #found(text: string, day: string, language: Language): Partial<Facts> {
    const found = this.finder.find(text, this.#state.facts.board?.doors ?? [], language)
    const { station, records } = this
    const { community } = station.identity
    const forms = () =>
      listFormRows(formSourceOf(station)).map((row) => ({
        id: row.form,
        version: row.version,
        title: titleIn(row, language),
      }))
    return {
      search: found && { ...found, sheet: sheetTyped(records, text, { community, forms, day, language }) },
    }
  }

  /** Drafts on the disk, read anew. */
  readDrafts(): void {
    this.dispatch({ type: 'facts', facts: { drafts: findDrafts(this.station, this.records) } })
  }

  /** Resolves when nothing is being written or fetched, and every change has been taken in. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all([...this.#working])
    if (!this.#timer) return
    clearTimeout(this.#timer)
    this.#timer = null
    this.#tick++
    this.dispatch({ type: 'facts', facts: {} })
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop()
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#idle) clearTimeout(this.#idle)
    await Promise.allSettled([...this.#working])
    this.forms.close()
    await this.sync?.close()
    await this.finder.close()
    await this.lists.close()
    this.#listeners.clear()
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const gridsOf = (station: Station, kind: 'grid' | 'desk'): string => {
  const names = spacesOf(station)
    .filter((space) => space.kind === kind)
    .map((space) => space.name)
  return names.length > 2 ? `${names[0]} +${names.length - 1}` : names.join('、')
}
