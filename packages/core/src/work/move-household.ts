import { randomId } from '../ids.ts'
import { mayWrite } from '../membership/resolve.ts'
import { allMoves, isMovedAway, lastMoves, openCopy, placeChoices, placesOf } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { type Company, companyOf } from './move-household-company.ts'
import { contentOf, digestsOf, editsToward, isToCome } from './move-household-content.ts'

export type MoveHousehold = {
  readonly household: string
  /** The space of the grid it goes to. */
  readonly to: string
  readonly reason?: string
  /** Whether the dwelling belongs to that grid from now on; when not given, whether its building is there. */
  readonly withDwelling?: boolean
}

export type MovedHousehold = {
  readonly household: string
  readonly from: string
  readonly to: string
  readonly withDwelling: boolean
  /** How many records went along, the household itself included. */
  readonly records: number
  readonly entries: readonly EntryPlace[]
}

export type MoveProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'record-moved'
    | 'no-such-grid'
    /** It is in that grid already. */
    | 'moved-already'
    /** Two people moved it to different grids: settle that first. */
    | 'move-disputed'
    /** The mover must hold both grids. */
    | 'move-needs-both'
    | 'nothing-late'
    | 'no-such-write'
    | 'invalid-field'
}

/**
 * Moves a household with who lives there, its devices, its open cases and its visits: one act, with entries in both
 * spaces. In the old one everything stays to be read; in the new one it goes on under the same ids.
 */
export async function moveHousehold(station: Station, input: MoveHousehold): Promise<Result<MovedHousehold>> {
  const reason = input.reason === undefined ? ok(null) : cleanText('household', 'reason', input.reason, 300)
  if (!reason.ok) return reason
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('household.move', (book) => {
      const found = findRecord(book, 'household', input.household)
      if (!found.ok) return found
      const { id, space } = found.value
      const copies = book.copies(id)
      if (placesOf(allMoves(copies)).length > 1) return fail({ type: 'move-disputed', household: id })
      if (station.membership().spaces.get(input.to) !== 'grid')
        return fail({ type: 'no-such-grid', grid: input.to })
      if (space === input.to) return fail({ type: 'moved-already', household: id, grid: input.to })
      const { withDwelling: wanted } = input
      const gathering = new Gathering(station, book, input.to, {
        on,
        reason: reason.value,
        ...(wanted === undefined ? {} : { withDwelling: wanted }),
      })
      const done = gathering.from([found.value])
      if (!done.ok) return done
      const { records, withDwelling } = gathering
      return ok({ household: id, from: space, to: input.to, withDwelling, records })
    }),
  )
}

export type CarriedHousehold = {
  readonly household: string
  readonly to: string
  readonly records: number
  readonly entries: readonly EntryPlace[]
}

/** Brings to where a household is now what others wrote where it was, who had not heard that it moved. */
export async function carryHousehold(station: Station, household: string): Promise<Result<CarriedHousehold>> {
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('household.move', (book) => {
      const found = findRecord(book, 'household', household)
      if (!found.ok) return found
      const { id, space } = found.value
      if (placesOf(allMoves(book.copies(id))).length > 1)
        return fail({ type: 'move-disputed', household: id })
      const gathering = new Gathering(station, book, space, { on, reason: null })
      const done = gathering.from(book.copies(id))
      if (!done.ok) return done
      if (gathering.records === 0) return fail({ type: 'nothing-late', household: id })
      return ok({ household: id, to: space, records: gathering.records })
    }),
  )
}

/** Ends a dispute about where a household is: it stays in one of the grids, and what the others have comes there. */
export async function settleMove(
  station: Station,
  input: { readonly household: string } & ({ readonly to: string } | { readonly write: string }),
): Promise<Result<CarriedHousehold>> {
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('household.move', (book) => {
      const copies = book.copies(input.household)
      const choices = placeChoices(allMoves(copies))
      if (copies[0]?.type !== 'household' || choices.length < 2)
        return fail({ type: 'no-conflict', record: input.household, field: 'movedTo' })
      const chosen = choices.find((one) =>
        'write' in input ? one.tag === input.write : one.value === input.to,
      )
      if (!chosen) return fail({ type: 'no-such-write', record: input.household, field: 'movedTo' })
      const to = String(chosen.value)
      const gathering = new Gathering(station, book, to, { on, reason: null })
      const named = lastMoves(allMoves(copies)).flatMap((move) => [move.from, move.to])
      const done = gathering.from(copies, named)
      return done.ok ? ok({ household: input.household, to, records: gathering.records }) : done
    }),
  )
}

/** Everything of one household that is elsewhere, or was written there late, on its way to one space. */
class Gathering {
  readonly #station: Station
  readonly #book: Draftbook
  readonly #to: string
  readonly #move: { readonly on: string; readonly reason: string | null; readonly withDwelling?: boolean }
  #records = new Set<string>()
  withDwelling = false

  constructor(
    station: Station,
    book: Draftbook,
    to: string,
    move: { readonly on: string; readonly reason: string | null; readonly withDwelling?: boolean },
  ) {
    this.#station = station
    this.#book = book
    this.#to = to
    this.#move = move
  }

  get records(): number {
    return this.#records.size
  }

  /** From these copies of a household; `named`: more spaces that must hear of it. */
  from(copies: readonly Projection[], named: readonly string[] = []): Result<void> {
    const spaces = new Set([this.#to, ...named, ...copies.map(({ space }) => space)])
    const closed = [...spaces].filter((space) => !this.#mayWrite(space))
    if (closed.length > 0) return fail({ type: 'move-needs-both', household: copies[0]!.id, grids: closed })
    // Open ones first: what they say is the newest.
    const elsewhere = copies.filter(({ space }) => space !== this.#to)
    for (const copy of elsewhere.sort((a, b) => Number(isMovedAway(a)) - Number(isMovedAway(b)))) {
      const done = this.#from(copy)
      if (!done.ok) return done
    }
    return ok(undefined)
  }

  #mayWrite(space: string): boolean {
    const member = this.#station.member()
    return member !== null && mayWrite(this.#station.membership(), member, space)
  }

  #from(household: Projection): Result<void> {
    const company = companyOf(this.#book, household, this.#to, this.#move.withDwelling)
    this.withDwelling ||= company.withDwelling
    for (const record of company.goes) {
      if (!isToCome(record, this.#book.copies(record.id), this.#to)) continue
      const done = this.#bring(record, company)
      if (!done.ok) return done
    }
    // Where nothing came, nothing has to be there for it.
    for (const record of this.#records.size > 0 ? company.stays : []) {
      const there = this.#book.copies(record.id).some(({ space }) => space === this.#to)
      const done = there ? ok(undefined) : this.#bring(record, company, 'also')
      if (!done.ok) return done
    }
    return ok(undefined)
  }

  /** `also`: the record stays where it is, and is kept in the new space too. */
  #bring(record: Projection, company: Company, also?: 'also'): Result<void> {
    const book = this.#book
    const copies = book.copies(record.id)
    const into = copies.find(({ space }) => space === this.#to) ?? null
    const openSide = openCopy(copies)?.space === record.space ? 'from' : 'into'
    const content = company.contentThere(record)
    const { on, reason } = this.#move
    const id = randomId('mv')
    const over = also ? [] : [...new Set(lastMoves(allMoves(copies)).map((one) => one.id))]
    const move = (carried: ReturnType<typeof digestsOf>) => ({
      id,
      over,
      from: record.space,
      to: this.#to,
      on,
      ...(also ? { also: true } : {}),
      ...(reason === null ? {} : { reason }),
      carried: { ...carried },
      origin: { by: record.createdBy, at: record.createdAt },
    })
    const opened = { append: { moves: [move(digestsOf(content))] } }
    const isTold = into === null && this.#records.has(record.id) && isMovedAway(record)
    for (const edit of [...(isTold ? [] : editsToward(content, into, copies, openSide)), opened]) {
      const done = book.bring(this.#to, record, edit)
      if (!done.ok) return done
    }
    if (also) return ok(undefined)
    this.#records.add(record.id)
    return book.bring(record.space, record, { append: { moves: [move(digestsOf(contentOf(record)))] } })
  }
}
