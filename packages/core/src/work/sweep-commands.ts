import { randomId } from '../ids.ts'
import { mayWrite } from '../membership/resolve.ts'
import { isDate } from '../record/define.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { addDays } from './day.ts'
import { findForm } from './form-list.ts'
import { RecordSet, textOf } from './record-set.ts'
import { sweepOf } from './sweep.ts'

export type OpenSweep = {
  readonly name: string
  /** Spaces of grids. */
  readonly grids: readonly string[]
  /** Ids of buildings of those grids; without one, all of each grid. */
  readonly buildings?: readonly string[]
  /** A tag or a category. */
  readonly tag?: string
  readonly form?: string
  /** YYYY-MM-DD; today when not given. */
  readonly from?: string
  /** Its last day, a week with the first when not given. */
  readonly to?: string
}

export type OpenedSweep = {
  readonly round: string
  readonly sweeps: readonly { readonly id: string; readonly space: string }[]
  readonly entries: readonly EntryPlace[]
}

export type SweepProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'no-such-grid'
    | 'no-such-form'
    /** `name`: it is closed, or was not closed, already. */
    | 'sweep-closed'
    | 'sweep-not-closed'
    | 'invalid-field'
}

/** One act, with a record in each grid: whoever holds one of them alone has all that is theirs. */
export async function openSweep(
  station: Station,
  input: OpenSweep,
): Promise<Result<OpenedSweep, SweepProblem | Problem>> {
  const name = cleanText('sweep', 'name', input.name, 80)
  if (!name.ok) return name
  const days = daysOf(station, input)
  if (!days.ok) return days
  if (input.form !== undefined && !findForm(station, input.form))
    return fail({ type: 'no-such-form', form: input.form })
  const grids = [...new Set(input.grids)]
  const known = new Set(station.spaces().flatMap(({ id, kind }) => (kind === 'grid' ? [id] : [])))
  const unknown = grids.find((space) => !known.has(space))
  if (unknown !== undefined || grids.length === 0) return fail({ type: 'no-such-grid', grid: unknown ?? '' })
  const { buildings = [] } = input
  return withEntries(
    await station.write<Omit<OpenedSweep, 'entries'>>('sweep.open', (book) => {
      const places = new Map<string, string[]>()
      for (const id of buildings) {
        const found = findRecord(book, 'building', id)
        if (!found.ok) return found
        const { space } = found.value
        if (!grids.includes(space)) return fail({ type: 'no-such-record', id, wanted: 'building' })
        places.set(space, [...(places.get(space) ?? []), id])
      }
      const round = randomId('sw')
      const sweeps: { id: string; space: string }[] = []
      for (const space of buildings.length > 0 ? places.keys() : grids) {
        const made = book.create('sweep', space, {
          set: {
            name: name.value,
            ...days.value,
            form: input.form ?? null,
            tag: input.tag?.trim() || null,
            round,
          },
          add: { buildings: places.get(space) ?? [] },
        })
        if (!made.ok) return made
        sweeps.push({ id: made.value, space })
      }
      return ok({ round, sweeps })
    }),
  )
}

/** Of a sweep that names no last day. */
const USUAL_DAYS = 7

function daysOf(station: Station, input: OpenSweep): Result<{ from: string; to: string }, SweepProblem> {
  const refused = (field: string, rule: string, value: string) =>
    fail<SweepProblem>({ type: 'invalid-field', record: 'sweep', field, rule, value })
  const from = input.from ?? stationCalendar(station).dayOf(station.now)
  if (!isDate(from)) return refused('from', 'date', from)
  const to = input.to ?? addDays(from, USUAL_DAYS - 1)
  if (!isDate(to)) return refused('to', 'date', to)
  return to < from ? refused('to', 'before-start', to) : ok({ from, to })
}

export type ClosedSweep = {
  readonly round: string
  /** Those that this member works in; the rest of a round is for others to close. */
  readonly sweeps: readonly string[]
  readonly entries: readonly EntryPlace[]
}

/** Ends a sweep before its last day, or opens it again. What was claimed and visited stays. */
export async function closeSweep(
  station: Station,
  input: { readonly sweep: string; readonly undo?: boolean },
): Promise<Result<ClosedSweep, SweepProblem | Problem>> {
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write<Omit<ClosedSweep, 'entries'>>('sweep.close', (book) => {
      const found = findRecord(book, 'sweep', input.sweep)
      if (!found.ok) return found
      const member = station.member()!
      const round = textOf(found.value, 'round') ?? found.value.id
      const parts = [...book.records({ type: 'sweep' })].filter(
        (one) =>
          (textOf(one, 'round') ?? one.id) === round && mayWrite(station.membership(), member, one.space),
      )
      const set = new RecordSet(parts)
      const toChange = parts.filter(
        (one) => (sweepOf(set, one, on).closedOn === null) !== (input.undo === true),
      )
      if (toChange.length === 0)
        return fail({
          type: input.undo ? 'sweep-not-closed' : 'sweep-closed',
          sweep: found.value.id,
          name: textOf(found.value, 'name') ?? found.value.id,
        })
      for (const one of toChange) {
        const saw = (one.timelines.steps ?? []).map(({ id }) => id).sort()
        const step = { step: input.undo ? 'reopen' : 'close', on, saw }
        const edited = book.edit(one.id, { append: { steps: [step] } }, one.space)
        if (!edited.ok) return edited
      }
      return ok({ round, sweeps: toChange.map(({ id }) => id).sort() })
    }),
  )
}
