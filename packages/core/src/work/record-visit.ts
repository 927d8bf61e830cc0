import {
  type AnswerDocument,
  type FormSession,
  type FormValues,
  hazardsOf,
  type Prefill,
} from '../form/index.ts'
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook, Edit } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { nameLaid, takeBack } from './attachment.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { addDays } from './day.ts'
import { isStanding } from './due.ts'
import type { FoundForm } from './form-list.ts'
import { isAboutPerson, subjectsOf } from './form-subjects.ts'
import type { Language } from './language.ts'
import { STRICTEST } from './mask.ts'
import { RecordSet } from './record-set.ts'
import { fillVisit, type VisitForm } from './visit-form.ts'
import { type FieldChange, planSaves, writeSaves } from './visit-saves.ts'

export type VisitOutcome = 'met' | 'absent' | 'refused'
export type VisitMode = 'door' | 'phone' | 'video' | 'paper' | 'remote'

export type VisitContact = 'resident' | 'neighbour' | 'emergency'

export type RecordVisit = {
  readonly household: string
  readonly outcome: VisitOutcome
  /** The day it was made, YYYY-MM-DD in the community's time zone; today when not given, never later. */
  readonly on?: string
  /** `door` when not given. */
  readonly mode?: VisitMode
  /** Id of a form; with it `answers`. */
  readonly form?: string
  /** The version it was begun with; the one that is offered now when not given. */
  readonly formVersion?: string
  /** Of that version, the record it was begun with, where two were added apart. */
  readonly formRecord?: string
  readonly answers?: AnswerDocument
  /** Instead of answers: the form as it is open, so that it need not be opened again. */
  readonly session?: Pick<FormSession, 'filled'>
  /** The form as it was when it was begun, where another version is known by its id now. */
  readonly document?: FoundForm
  /** One of the household's people, whom the form is about. */
  readonly person?: string
  /** What the form began with, by nodeset: an answer that is still the same says nothing new. */
  readonly prefilled?: Prefill
  /** Who was asked, the resident when not given; of others the outcome is that the resident was not met. */
  readonly contact?: VisitContact
  /** A neighbour or the emergency contact knows that the resident is well. */
  readonly heard?: boolean
  /** The code of the printed sheet that is typed in, and whether that is meant even if it was before. */
  readonly sheet?: string
  readonly again?: boolean
  readonly note?: string
  /** When the worker promised to come again. */
  readonly nextOn?: string
  /** In which language problems are worded and cases titled. */
  readonly language?: Language
}

export type RecordedVisit = {
  readonly visit: string
  /** Cases opened from the hazards of the form, in the order of its items. */
  readonly cases: readonly string[]
  /** What its form changed in the register. */
  readonly changed: readonly FieldChange[]
  /** Ids of the photos, signatures, recordings and scans of its form. */
  readonly attachments: readonly string[]
  readonly entries: readonly EntryPlace[]
}

export type RecordVisitProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'no-such-form'
    | 'answers-without-form'
    /** `problems`: FormProblem[], each with the question's label and the reason. */
    | 'answers-refused'
    | 'answers-too-deep'
    /** {person}: it does not live here, or the form is about a person and none is named. */
    | 'not-a-resident'
    | 'no-consent'
    | 'visit-in-future'
    /** `visit`, `on`, `by`: the sheet was typed in before. */
    | 'sheet-typed-in'
    | 'invalid-field'
}

/**
 * Records one knock on one door. The answers pass the form first; hazards become cases, what the form gives back is
 * written to the register, and its photos become attachments, in the same act: on disk together, or not at all.
 * Fails with RecordVisitProblem, FormOpenProblem, or what a write fails with.
 */
export async function recordVisit(station: Station, input: RecordVisit): Promise<Result<RecordedVisit>> {
  const day = visitDay(station, input)
  if (!day.ok) return day
  const broken = brokenContact(input)
  if (broken) return fail(broken)
  const filled = await fillVisit(station, input)
  if (!filled.ok) return filled
  const written = withEntries(
    await station.write('visit.record', (book) => writeVisit(station, book, input, day.value, filled.value)),
  )
  if (!written.ok) for (const one of filled.value?.files ?? []) takeBack(station, one)
  return written
}

function writeVisit(
  station: Station,
  book: Draftbook,
  input: RecordVisit,
  day: string,
  filled: VisitForm | null,
): Result<Omit<RecordedVisit, 'entries'>> {
  const household = findRecord(book, 'household', input.household)
  if (!household.ok) return household
  const { space, id } = household.value
  const before = input.again ? null : typedInBefore(book, input)
  if (before) return fail(before)
  const visit = book.create('visit', space, visitContent(input, day, filled))
  if (!visit.ok) return visit
  const cases: string[] = []
  for (const content of filled ? hazardCases(input, day, filled, visit.value) : []) {
    const opened = book.create('case', space, content)
    if (!opened.ok) return opened
    cases.push(opened.value)
  }
  // Whoever lives here and what they allow is read only where the form asks for it.
  const { ruled = [], files = [] } = filled ?? {}
  if (ruled.length === 0 && files.length === 0 && input.person === undefined)
    return ok({ visit: visit.value, cases, changed: [], attachments: [] })
  const viewer = station.member()?.role ?? STRICTEST
  const set = new RecordSet(book.records({ space }), viewer)
  const subjects = subjectsOf(set, id, input.person ?? null, day)
  const isLost = input.person === undefined ? isAboutPerson(ruled.map(({ rule }) => rule)) : !subjects.person
  if (isLost) return fail({ type: 'not-a-resident', person: input.person ?? null, household: id })
  const changed = writeSaves(station, book, planSaves(ruled, subjects, input.prefilled ?? {}, viewer))
  if (!changed.ok) return changed
  const attachments: string[] = []
  for (const laid of files) {
    const of = { about: visit.value, household: id, subject: id, space }
    const named = nameLaid(station, book, set, laid, of)
    if (!named.ok) return named
    attachments.push(named.value)
  }
  return ok({ visit: visit.value, cases, changed: changed.value, attachments })
}

const isOther = ({ contact }: RecordVisit): boolean => contact === 'neighbour' || contact === 'emergency'

/** Who asked others has not met the resident, and has no answers to a form from them. */
function brokenContact(input: RecordVisit): Problem | null {
  if (!isOther(input)) return input.heard ? notOfOthers('heard', 'heard-of-others') : null
  return input.outcome === 'absent' && input.form === undefined
    ? null
    : notOfOthers('contact', 'contact-is-not-met')
}
const notOfOthers = (field: string, rule: string): Problem => ({
  type: 'invalid-field',
  record: 'visit',
  field,
  rule,
})

function visitDay(station: Station, { on, nextOn }: RecordVisit): Result<string> {
  const today = stationCalendar(station).dayOf(station.now)
  const day = on ?? today
  if (!isDate(day))
    return fail({ type: 'invalid-field', record: 'visit', field: 'on', rule: 'date', value: day })
  if (day > today) return fail({ type: 'visit-in-future', on: day, today })
  if (nextOn !== undefined && (!isDate(nextOn) || nextOn < day))
    return fail({
      type: 'invalid-field',
      record: 'visit',
      field: 'nextOn',
      rule: isDate(nextOn) ? 'before-visit' : 'date',
      value: nextOn,
    })
  return ok(day)
}

/** One sheet is one visit: whoever types it in a second time is told who was first. */
function typedInBefore(book: Draftbook, { household, sheet }: RecordVisit): RecordVisitProblem | null {
  if (sheet === undefined) return null
  const space = book.get(household)?.space
  for (const visit of book.records({ type: 'visit', ...(space ? { space } : {}) })) {
    const { fields } = visit
    if (fields.household !== household || fields.sheet !== sheet || !isStanding(visit)) continue
    const by = [...book.records({ type: 'member' })].find((card) => card.fields.member === visit.createdBy)
    return { type: 'sheet-typed-in', visit: visit.id, on: fields.on, by: by?.fields.name ?? visit.createdBy }
  }
  return null
}

function visitContent(input: RecordVisit, day: string, filled: VisitForm | null): Edit {
  return {
    set: {
      household: input.household,
      person: input.person ?? null,
      outcome: input.outcome,
      on: day,
      mode: input.mode ?? (input.contact === 'emergency' ? 'phone' : 'door'),
      contact: isOther(input) ? input.contact! : null,
      heard: isOther(input) && input.heard ? true : null,
      sheet: input.sheet ?? null,
      note: input.note?.trim() || null,
      nextOn: input.nextOn ?? null,
      ...(filled
        ? {
            form: filled.form.id,
            formVersion: filled.form.version || null,
            formRecord: filled.form.record,
            answers: plain(filled.values),
            submission: filled.submission,
          }
        : {}),
    },
  }
}

/** Answers as the engine gives them are JSON already; this makes it a type. */
const plain = (values: FormValues): Value => structuredClone(values) as Value

function hazardCases(
  input: RecordVisit,
  day: string,
  { form, values }: VisitForm,
  visit: string,
): readonly Edit[] {
  return hazardsOf(form.id, values).map((hazard) => ({
    set: {
      household: input.household,
      visit,
      kind: hazard.kind,
      title: hazard.title[input.language ?? 'zh'],
      grade: hazard.grade,
      source: 'visit',
      note: hazard.note,
      dueOn: 'dueOn' in hazard ? hazard.dueOn : addDays(day, hazard.dueInDays),
    },
    append: { steps: [{ step: 'report', saw: [] }] },
  }))
}
