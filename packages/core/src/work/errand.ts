import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { errand as errandRecord } from '../records/errand.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, withEntries } from './command.ts'
import { type ErrandFold, foldErrandRecord, MOST_FEN } from './errand-state.ts'
import {
  type ErrandState,
  type ErrandStep,
  errandRule,
  errandSteps,
  errandStepsFrom,
  isErrandStep,
  isOpenErrandState,
  nextErrandState,
} from './errand-steps.ts'

export type ErrandKind = keyof typeof errandRecord.fields.kind.choices

export type OpenErrand = {
  readonly household: string
  readonly person?: string
  readonly kind: ErrandKind
  readonly what: string
  /** YYYY-MM-DD */
  readonly dueOn?: string
  readonly note?: string
}
export type OpenedErrand = { readonly errand: string; readonly entries: readonly EntryPlace[] }

export type StepErrand = {
  readonly errand: string
  readonly step: ErrandStep
  readonly note?: string
  /** Of an appointment, YYYY-MM-DD. */
  readonly on?: string
  /** The limit from here on. */
  readonly due?: string
  readonly papers?: readonly string[]
  /** Money, in hundredths of a yuan. */
  readonly fen?: number
  /** The money was counted before the person. */
  readonly counted?: boolean
  /** Who signed, if it was a relative: 女儿. */
  readonly relation?: string
  readonly receipt?: string
}
export type SteppedErrand = {
  readonly errand: string
  readonly state: ErrandState
  readonly fold: ErrandFold
  readonly entries: readonly EntryPlace[]
}

export type ErrandProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'invalid-field'
    | 'no-such-errand-step'
    /** `state`, and `allowed`. */
    | 'errand-step-not-allowed'
    /** `needs`: note, on, or things. */
    | 'errand-step-incomplete'
    /** Money changes hands only when it was counted before the person. */
    | 'errand-money-uncounted'
    /** Papers or money that do not lie with us. `papers`, `fen`: what does. */
    | 'errand-not-with-us'
    /** It would end with something of theirs still here. */
    | 'errand-owing'
    /** A number of a document has no place in a note. */
    | 'errand-number-in-note'
}

export async function openErrand(station: Station, input: OpenErrand): Promise<Result<OpenedErrand>> {
  const what = cleanText('errand', 'what', input.what, 200)
  if (!what.ok) return what
  const number = numberIn([input.what, input.note])
  if (number) return fail(number)
  return withEntries(
    await station.write('errand.open', (book) => {
      const household = findRecord(book, 'household', input.household)
      if (!household.ok) return household
      if (input.person !== undefined) {
        const person = findRecord(book, 'person', input.person)
        if (!person.ok) return person
      }
      const opened = book.create('errand', household.value.space, {
        set: {
          household: input.household,
          person: input.person ?? null,
          kind: input.kind,
          what: what.value,
          dueOn: input.dueOn ?? null,
          note: input.note?.trim() || null,
        },
        append: { steps: [{ step: 'request', saw: [] }] },
      })
      return opened.ok ? ok({ errand: opened.value }) : opened
    }),
  )
}

/** Appends one step, with the steps its author has seen. */
export async function stepErrand(station: Station, input: StepErrand): Promise<Result<SteppedErrand>> {
  const shape = brokenShape(input)
  if (shape) return fail(shape)
  return withEntries(
    await station.write('errand.step', (book): Result<Omit<SteppedErrand, 'entries'>> => {
      const record = findRecord(book, 'errand', input.errand)
      if (!record.ok) return record
      const fold = foldErrandRecord(record.value)
      const state = nextErrandState(fold.state, input.step)
      if (state === null)
        return fail({
          type: 'errand-step-not-allowed',
          errand: input.errand,
          step: input.step,
          state: fold.state,
          allowed: errandStepsFrom(fold.state),
        })
      const lacking = notWithUs(input, fold)
      if (lacking) return fail(lacking)
      if (input.step === 'tell' && isOpenErrandState(fold.state) && fold.owing)
        return fail({ type: 'errand-owing', errand: input.errand, papers: fold.papers, fen: fold.fen })
      const edited = book.edit(input.errand, { append: { steps: [stepValue(input, fold)] } })
      if (!edited.ok) return edited
      const after = book.get(input.errand)
      return ok({ errand: input.errand, state, fold: after ? foldErrandRecord(after) : fold })
    }),
  )
}

/** What is given out has to lie here; a paper is named as it was when it was taken. */
function notWithUs(
  { errand, step, papers = [], fen = 0 }: StepErrand,
  fold: ErrandFold,
): ErrandProblem | null {
  if (errandRule(step).moves !== 'out') return null
  const left = [...fold.papers]
  const missing = papers.filter((paper) => {
    const at = left.indexOf(paper.trim())
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  if (missing.length === 0 && fen <= fold.fen) return null
  return { type: 'errand-not-with-us', errand, missing, papers: fold.papers, fen: fold.fen, given: fen }
}

const MAX_NOTE = 2000
const MAX_SHORT = 60
/** Citizen numbers and bank cards: that they were seen is enough. */
const LONG_NUMBER = /\d{15,}[\dXx]?/
const numberIn = (texts: readonly (string | undefined)[]): ErrandProblem | null =>
  texts.some((text) => text !== undefined && LONG_NUMBER.test(text.replaceAll(/[\s-]/g, '')))
    ? { type: 'errand-number-in-note' }
    : null

function brokenShape(input: StepErrand): ErrandProblem | null {
  const { step, note, on, due, papers = [], fen = 0, counted, relation, receipt } = input
  if (!isErrandStep(step)) return { type: 'no-such-errand-step', step, steps: Object.keys(errandSteps) }
  const invalid = (field: string, rule: string): ErrandProblem => ({
    type: 'invalid-field',
    record: 'errand',
    field,
    rule,
  })
  if (on !== undefined && !isDate(on)) return invalid('on', 'date')
  if (due !== undefined && !isDate(due)) return invalid('dueOn', 'date')
  if ((note?.length ?? 0) > MAX_NOTE) return invalid('note', 'too-long')
  for (const text of [...papers, relation ?? '', receipt ?? ''])
    if (text.length > MAX_SHORT) return invalid('what', 'too-long')
  if (!Number.isSafeInteger(fen) || fen < 0 || fen > MOST_FEN) return invalid('fen', 'too-large')
  // Receipts have long numbers of their own.
  const number = numberIn([note, relation, ...papers])
  if (number) return number
  const { needs, moves } = errandRule(step)
  const things = papers.some((paper) => paper.trim() !== '') || fen > 0
  if (things && moves === undefined) return invalid('papers', 'not-for-this-step')
  if (needs === 'note' && !note?.trim()) return { type: 'errand-step-incomplete', step, needs }
  if (needs === 'on' && on === undefined) return { type: 'errand-step-incomplete', step, needs }
  if (needs === 'things' && !things) return { type: 'errand-step-incomplete', step, needs }
  const faceToFace = step !== 'pay' && step !== 'submit' && step !== 'done'
  if (fen > 0 && faceToFace && !counted) return { type: 'errand-money-uncounted', step }
  return null
}

const stepValue = (input: StepErrand, fold: ErrandFold): Value => {
  const { step, note, on, due, papers = [], fen = 0, counted, relation, receipt } = input
  const named = papers.map((paper) => paper.trim()).filter((paper) => paper !== '')
  return {
    step,
    ...(note?.trim() ? { note: note.trim() } : {}),
    ...(on === undefined ? {} : { on }),
    ...(due === undefined ? {} : { due }),
    ...(named.length > 0 ? { papers: named } : {}),
    ...(fen > 0 ? { fen } : {}),
    ...(counted ? { counted } : {}),
    ...(relation?.trim() ? { relation: relation.trim() } : {}),
    ...(receipt?.trim() ? { receipt: receipt.trim() } : {}),
    saw: fold.steps.map(({ id }) => id).sort(),
  }
}
