import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { addressOf, addressText } from './address.ts'
import { afterLimit, clockRulesOf } from './case-clock.ts'
import { caseKindOf, limitOf } from './case-kinds.ts'
import { foldCaseRecord, sawOf } from './case-state.ts'
import { type CaseState, nextState, stepsFrom } from './case-steps.ts'
import { type EntryPlace, findRecord, type InvalidField, stationCalendar, withEntries } from './command.ts'
import { type ShareName, sharedFields, shares } from './dispatch-sharing.ts'
import {
  type DispatchState,
  foldDispatch,
  isReportStep,
  needsNote,
  type OrderStep,
  type ReportStep,
} from './dispatch-state.ts'
import type { Language } from './language.ts'
import { isMasked } from './mask.ts'
import { mayShare } from './permission.ts'
import { RecordSet } from './record-set.ts'
import { noteReveal } from './reveal.ts'

export type DispatchCase = {
  readonly case: string
  /** The desk's space. */
  readonly desk: string
  /** In other words than the case's own, where those name somebody. */
  readonly title?: string
  readonly note?: string
  readonly bring?: string
  /** YYYY-MM-DD; the case's own limit when not given. */
  readonly due?: string
  readonly share?: readonly ShareName[]
  /** In which language the address is written. */
  readonly language?: Language
}

export type DispatchedCase = {
  readonly case: string
  readonly dispatch: string
  readonly state: CaseState
  /** What was shared besides the address, of what was named and known. */
  readonly shared: readonly ShareName[]
  readonly entries: readonly EntryPlace[]
}

export type DispatchProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'record-moved'
    /** `desks`: those of the case's grid, by name. */
    | 'no-such-desk'
    | 'step-not-allowed'
    | 'dispatch-ended'
    /** What is asked to be told is the household's to allow. */
    | 'no-consent'
    | 'report-incomplete'
    | 'invalid-field'
}

/**
 * Sends a case to a desk: what has to be known to do it goes into the desk's space, and the case says where it went
 * and what was told. One act; nothing of it is there without the other.
 */
export async function dispatchCase(station: Station, input: DispatchCase): Promise<Result<DispatchedCase>> {
  const wrong = brokenText(input)
  if (wrong) return fail(wrong)
  const today = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('case.dispatch', (book) => {
      const found = findRecord(book, 'case', input.case)
      if (!found.ok) return found
      const record = found.value
      const desk = deskOf(station, book, record.space, input.desk)
      if (!desk.ok) return desk
      const fold = foldCaseRecord(record)
      const state = nextState(fold.state, 'dispatch', fold.shelvedFrom)
      if (state === null) {
        const { state: now } = fold
        return fail({
          type: 'step-not-allowed',
          case: record.id,
          step: 'dispatch',
          state: now,
          allowed: stepsFrom(now),
        })
      }
      const door = doorOf(book, record)
      const { set, shared } = sharedFields(input.share ?? [], { household: door.household, case: record })
      const { household } = door
      if (shared.length > 0 && household) {
        const allowed = mayShare(new RecordSet(book.records({ space: record.space })), household.id, today)
        if (!allowed.ok) return allowed
      }
      const due = input.due ?? fold.deadline ?? handleBy(station, record)
      const made = book.create('dispatch', input.desk, {
        set: {
          ...set,
          kind: desk.value.fields.kind === 'volunteer' ? 'task' : 'case',
          title: input.title?.trim() || String(record.fields.title ?? ''),
          about: record.fields.kind ?? null,
          grade: record.fields.grade ?? null,
          dueOn: due,
          address: door.household
            ? addressText(addressOf(door.set, door.household), input.language) || null
            : null,
          note: input.note?.trim() || null,
          bring: input.bring?.trim() || null,
          from: nameOf(station, book),
        },
      })
      if (!made.ok) return made
      const stepped = book.edit(record.id, {
        append: {
          steps: [
            {
              step: 'dispatch',
              to: String(desk.value.fields.name ?? ''),
              ...(input.note?.trim() ? { note: input.note.trim() } : {}),
              ...(input.due === undefined ? {} : { due: input.due }),
              dispatch: made.value,
              shared: [...shared],
              saw: [...sawOf(fold)],
            },
          ],
        },
      })
      if (!stepped.ok) return stepped
      const noted = noteShared(
        station,
        book,
        shared,
        { household, case: record },
        String(desk.value.fields.name),
      )
      return noted.ok ? ok({ case: record.id, dispatch: made.value, state, shared }) : noted
    }),
  )
}

/** The day until which it is to be handled when nobody named one: by the limit of its kind, from now. */
function handleBy(station: Station, { fields }: Projection): string | null {
  const { work, kinds } = clockRulesOf({ ofType: (type) => station.records({ type }) })
  const kind = caseKindOf(kinds, typeof fields.kind === 'string' ? fields.kind : null)
  const limit = limitOf(kind, 'handle', typeof fields.grade === 'string' ? fields.grade : null)
  return limit && work.calendar.dayOf(afterLimit(station.now, limit, work))
}

/** What is masked here and told there was revealed: it is written down like any other look. */
function noteShared(
  station: Station,
  book: Draftbook,
  shared: readonly ShareName[],
  records: { readonly household: Projection | null; readonly case: Projection },
  desk: string,
): Result<unknown> {
  const role = station.member()?.role
  const year = Number(stationCalendar(station).dayOf(station.now).slice(0, 4))
  for (const name of shared) {
    const { of, field } = shares[name]
    const record = records[of]
    if (!record || !role || !isMasked(record.type, field, role)) continue
    const noted = noteReveal(book, record, year, { field, reason: `case.dispatch: ${desk}` })
    if (!noted.ok) return noted
  }
  return ok(undefined)
}

function brokenText({ title, note, bring, due }: DispatchCase): InvalidField | null {
  const invalid = (field: string, rule: string): InvalidField => ({
    type: 'invalid-field',
    record: 'dispatch',
    field,
    rule,
  })
  if (due !== undefined && !isDate(due)) return invalid('dueOn', 'date')
  if ((title?.trim().length ?? 0) > 200) return invalid('title', 'too-long')
  if ((note?.trim().length ?? 0) > MAX_NOTE) return invalid('note', 'too-long')
  return (bring?.trim().length ?? 0) > 300 ? invalid('bring', 'too-long') : null
}

const MAX_NOTE = 2000

/** A case goes to desks of its own grid: others are none of its people's. */
function deskOf(
  station: Station,
  book: Draftbook,
  grid: string,
  space: string,
): Result<Projection, DispatchProblem> {
  const desks = [...book.records({ type: 'desk' })].filter(
    ({ fields }) => fields.grid === grid && station.membership().parents.get(String(fields.space)) === grid,
  )
  const desk = desks.find(({ fields }) => fields.space === space)
  if (desk) return ok(desk)
  const names = [...new Set(desks.map(({ fields }) => String(fields.name)))].sort()
  return fail({ type: 'no-such-desk', desk: space, desks: names })
}

/** The door of a case, with the few records its address is made of. */
function doorOf(book: Draftbook, record: Projection): { household: Projection | null; set: RecordSet } {
  const kept = (id: unknown) => (typeof id === 'string' ? book.get(id, record.space) : null)
  const household = kept(record.fields.household)
  const dwelling = kept(household?.fields.dwelling)
  const building = kept(dwelling?.fields.building)
  const set = new RecordSet([household, dwelling, building].flatMap((one) => one ?? []))
  return { household: household?.type === 'household' ? household : null, set }
}

const nameOf = (station: Station, book: Draftbook): string | null => {
  const me = station.identity.member
  const card = [...book.records({ type: 'member' })].find(({ fields }) => fields.member === me)
  return typeof card?.fields.name === 'string' ? card.fields.name : null
}

export type ReportDispatch = {
  readonly dispatch: string
  /** `close` comes with the end of the case and is not written by hand. */
  readonly step: ReportStep | Exclude<OrderStep, 'close'>
  readonly note?: string
}

export type ReportedDispatch = {
  readonly dispatch: string
  readonly state: DispatchState
  readonly entries: readonly EntryPlace[]
}

/** What somebody outside reports of a dispatch, or what those who sent it answer. */
export async function reportDispatch(
  station: Station,
  { dispatch, step, note = '' }: ReportDispatch,
): Promise<Result<ReportedDispatch>> {
  const text = note.trim()
  if (text.length > MAX_NOTE)
    return fail({ type: 'invalid-field', record: 'dispatch', field: 'note', rule: 'too-long' })
  if (text === '' && needsNote(step)) return fail({ type: 'report-incomplete', dispatch, step })
  const isReport = isReportStep(step)
  return withEntries(
    await station.write(isReport ? 'dispatch.report' : 'case.dispatch', (book) => {
      const found = findRecord(book, 'dispatch', dispatch)
      if (!found.ok) return found
      const { open, state } = foldDispatch(found.value)
      if (!open) return fail({ type: 'dispatch-ended', dispatch: found.value.id, state })
      const edited = addStep(book, found.value, isReport ? 'reports' : 'orders', step, text)
      return edited.ok ? ok({ dispatch: found.value.id, state: stateAfter(step) }) : edited
    }),
  )
}

const AFTER: Readonly<Record<ReportDispatch['step'], DispatchState>> = {
  accepted: 'accepted',
  done: 'done',
  cannot: 'cannot',
  'not-ours': 'not-ours',
  question: 'question',
  answer: 'answered',
  withdraw: 'withdrawn',
}
const stateAfter = (step: ReportDispatch['step']): DispatchState => AFTER[step]

const addStep = (
  book: Draftbook,
  record: Projection,
  timeline: 'reports' | 'orders',
  step: string,
  note: string,
) =>
  book.edit(record.id, {
    append: {
      [timeline]: [
        {
          step,
          ...(note === '' ? {} : { note }),
          saw: foldDispatch(record)
            .steps.map(({ id }) => id)
            .sort(),
        },
      ],
    },
  })

/** With the end of a case, what was dispatched for it ends too, as far as this station holds it. */
export function closeDispatches(book: Draftbook, record: Projection): Result<void> {
  for (const { dispatch } of dispatchesOf(record)) {
    const sent = book.get(dispatch)
    if (sent?.type !== 'dispatch' || !foldDispatch(sent).open) continue
    const edited = addStep(book, sent, 'orders', 'close', '')
    if (!edited.ok) return edited
  }
  return ok(undefined)
}

/** What a case was dispatched as, with the step that says so and what was shared. */
export function dispatchesOf(
  record: Projection,
): readonly { readonly step: string; readonly dispatch: string; readonly shared: readonly string[] }[] {
  return (record.timelines.steps ?? []).flatMap(({ id, value }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    const { step, dispatch, shared } = value
    if (step !== 'dispatch' || typeof dispatch !== 'string') return []
    const named = Array.isArray(shared) ? shared.filter((one) => typeof one === 'string') : []
    return [{ step: id, dispatch, shared: named }]
  })
}
