import { type AnswerDocument, type FormValues, fillForm, hazardsOf } from '../form/index.ts'
import { isValue, type Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook, Edit } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { addDays } from './day.ts'
import { isStanding } from './due.ts'
import { type FoundForm, findForm } from './form-list.ts'
import type { Language } from './language.ts'

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
    | 'visit-in-future'
    /** `visit`, `on`, `by`: the sheet was typed in before. */
    | 'sheet-typed-in'
    | 'invalid-field'
}

/**
 * Records one knock on one door. The answers pass the form first; hazards become cases in the same act: on disk
 * together, or not at all. Fails with RecordVisitProblem, FormOpenProblem, or what a write fails with.
 */
export async function recordVisit(station: Station, input: RecordVisit): Promise<Result<RecordedVisit>> {
  const day = visitDay(station, input)
  if (!day.ok) return day
  const broken = brokenContact(input)
  if (broken) return fail(broken)
  const filled = await fill(station, input)
  if (!filled.ok) return filled
  return withEntries(
    await station.write('visit.record', (book) => {
      const household = findRecord(book, 'household', input.household)
      if (!household.ok) return household
      const { space } = household.value
      const before = input.again ? null : typedInBefore(book, input)
      if (before) return fail(before)
      const visit = book.create('visit', space, visitContent(input, day.value, filled.value))
      if (!visit.ok) return visit
      const cases: string[] = []
      for (const content of filled.value ? hazardCases(input, day.value, filled.value, visit.value) : []) {
        const opened = book.create('case', space, content)
        if (!opened.ok) return opened
        cases.push(opened.value)
      }
      return ok({ visit: visit.value, cases })
    }),
  )
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

type Filled = { readonly form: FoundForm; readonly values: FormValues; readonly submission: string }

/** Before the transaction: the engine takes its time to start, the disk's lock is not held for it. */
async function fill(station: Station, input: RecordVisit): Promise<Result<Filled | null>> {
  if (input.form === undefined)
    return input.answers === undefined ? ok(null) : fail({ type: 'answers-without-form' })
  const form = findForm(station, input.form, { version: input.formVersion, record: input.formRecord })
  if (!form) return fail({ type: 'no-such-form', form: input.form })
  if (input.answers === undefined && input.outcome !== 'met') return ok(null)
  const filled = await fillForm(form.xml, input.answers ?? {}, {
    language: input.language ?? 'zh',
    attachments: form.attachments,
  })
  if (!filled.ok) return filled
  const { valid, problems, values, submission } = filled.value
  if (!valid) return fail({ type: 'answers-refused', form: form.id, problems })
  if (!isValue(values, MAX_ANSWER_DEPTH))
    return fail({ type: 'answers-too-deep', form: form.id, maxDepth: MAX_ANSWER_DEPTH })
  return ok({ form, values, submission })
}

/** What the gate takes of any one value (record/change.ts); groups and repeats nested deeper would be void. */
const MAX_ANSWER_DEPTH = 12

function visitContent(input: RecordVisit, day: string, filled: Filled | null): Edit {
  return {
    set: {
      household: input.household,
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
  { form, values }: Filled,
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
