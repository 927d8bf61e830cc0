import {
  builtinForms,
  type FormProblem,
  type FormSession,
  fail,
  formById,
  hazardsOf,
  listVisits,
  ok,
  openForm,
  type Problem,
  type RecordSet,
  type Result,
  type Station,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import type { DraftNote, FormFacts } from './facts.ts'
import { firstOpen, placeFrom } from './form-place.ts'
import { shortAnswer } from './views/form.ts'

/** A half-filled form as it lies on the disk, sealed, never synced. */
type KeptDraft = {
  readonly form: string
  readonly text: string
  readonly answered: number
  readonly of: number
  /** Where to go on: the place after the last answer. */
  readonly at: string
}

const draftId = (household: string): string => `visit/${household}`

/** The one open form: every answer is on the disk before the next question is shown. */
export class FormDesk {
  readonly #station: Station
  #open: { readonly household: string; readonly form: string; readonly session: FormSession } | null = null
  #skipped: FormFacts['skipped'] = null
  #language: Language = 'zh'
  #warm = false

  constructor(station: Station) {
    this.#station = station
  }

  /** Loads the engine, so that the first form opens at once. */
  async warm(): Promise<void> {
    const [first] = builtinForms
    if (this.#warm || this.#open || !first) return
    this.#warm = true
    const opened = await openForm(first.xml)
    if (opened.ok) opened.value.close()
  }

  /** Opens the form, where a draft left it if there is one; gives back the place to go on from. */
  async open(household: string, form: string, language: Language): Promise<Result<string>> {
    this.close()
    const document = formById(form)
    if (!document) return fail({ type: 'no-such-form', form })
    this.#language = language
    const draft = keptDraft(this.#station, household)
    const opened = await openForm(document.xml, {
      language,
      ...(draft?.form === form ? { draft: draft.text } : {}),
    })
    if (!opened.ok) return opened
    this.#open = { household, form, session: opened.value }
    const questions = opened.value.questions()
    if (!draft) return ok(questions[0]?.ref ?? 'summary')
    return ok(questions.some((one) => one.ref === draft.at) ? draft.at : firstOpen(questions))
  }

  /** The place after this answer, or why it was not taken. */
  answer(household: string, ref: string, value: unknown): Result<string, FormProblem | Problem> {
    const open = this.#open
    if (open?.household !== household) return fail({ type: 'form-not-open' })
    const { session } = open
    const answered = session.answer(ref, value)
    if (!answered.ok) return answered
    const place = placeFrom(session.questions(), ref, 1)
    this.#keep(place)
    this.#skipped = skippedBetween(session, ref, place)
    return ok(place)
  }

  repeat(household: string, ref: string, change: 'add' | 'remove'): Result<string, FormProblem | Problem> {
    const open = this.#open
    if (open?.household !== household) return fail({ type: 'form-not-open' })
    const { session } = open
    const changed = change === 'add' ? session.addRepeat(ref) : session.removeRepeat(ref)
    if (!changed.ok) return changed
    const { ref: range, count } = changed.value
    const inside = session
      .questions()
      .filter((one) => one.repeat?.ref === range && (change === 'remove' || one.repeat.index === count - 1))
    const place = inside[0]?.ref ?? session.questions()[0]?.ref ?? 'summary'
    this.#keep(place)
    return ok(place)
  }

  #keep(at: string): void {
    const { household, form, session } = this.#open!
    const { answered, of } = countsOf(session)
    this.#station.putDraft(draftId(household), {
      form,
      text: session.draft(),
      answered,
      of,
      at,
    } satisfies KeptDraft)
  }

  setLanguage(language: Language): void {
    this.#language = language
    this.#open?.session.setLanguage(language)
  }

  facts(): FormFacts | null {
    const open = this.#open
    if (!open) return null
    const { session, form } = open
    return {
      title: formById(form)?.title[this.#language] ?? session.title,
      questions: session.questions(),
      answered: countsOf(session).answered,
      problems: session.validate(),
      hazards: hazardsOf(form, session.values()).map((one) => ({
        title: one.title[this.#language],
        serious: one.grade === 'serious',
        dueOn: 'dueOn' in one ? one.dueOn : null,
        dueInDays: 'dueInDays' in one ? one.dueInDays : null,
      })),
      skipped: this.#skipped,
      notCarriedOver: session.notCarriedOver.length,
    }
  }

  /** The form and its answers, for the visit that is to be recorded. */
  filled(
    household: string,
  ): { readonly form: string; readonly answers: ReturnType<FormSession['values']> } | null {
    const open = this.#open
    return open?.household === household ? { form: open.form, answers: open.session.values() } : null
  }

  drop(household: string): void {
    if (this.#open?.household === household) this.close()
    this.#station.dropDraft(draftId(household))
  }

  close(): void {
    this.#open?.session.close()
    this.#open = null
    this.#skipped = null
  }
}

function countsOf(session: FormSession): { readonly answered: number; readonly of: number } {
  const asked = session.questions().filter((one) => one.kind !== 'note')
  return { answered: asked.filter((one) => one.value !== null).length, of: asked.length }
}

/**
 * What the last answer made unnecessary, and why. Follow-ups of an item are named after it (`hose`, `hose_grade`):
 * that those of an item in order are left out is no news.
 */
function skippedBetween(session: FormSession, from: string, to: string): FormFacts['skipped'] {
  const all = session.questions({ all: true })
  const start = all.findIndex((one) => one.ref === from)
  const end = to === 'summary' ? all.length : all.findIndex((one) => one.ref === to)
  const left = all
    .slice(start + 1, end)
    .filter((one) => !one.relevant && !all.some((item) => one.ref.startsWith(`${item.ref}_`)))
  const because = left.flatMap((one) => session.skippedBecause(one.ref).slice(0, 1))[0]
  const cause = because && all.find((one) => one.ref === because.ref)
  return cause ? { count: left.length, because: `${cause.label} ${shortAnswer(cause)}` } : null
}

function keptDraft(station: Station, household: string): (KeptDraft & { readonly atMs: number }) | null {
  const draft = station.draft(draftId(household))
  const kept = draft?.value as Partial<KeptDraft> | undefined
  if (!draft || typeof kept?.form !== 'string' || typeof kept.text !== 'string') return null
  return {
    form: kept.form,
    text: kept.text,
    answered: kept.answered ?? 0,
    of: kept.of ?? 0,
    at: kept.at ?? '',
    atMs: draft.at,
  }
}

/** Every half-filled form on this disk. One whose visit was saved just before a crash is thrown away. */
export function findDrafts(station: Station, set: RecordSet): ReadonlyMap<string, DraftNote> {
  const drafts = new Map<string, DraftNote>()
  for (const { id } of set.ofType('household')) {
    const kept = keptDraft(station, id)
    if (!kept) continue
    const saved = listVisits(set, { household: id }).some(
      (visit) =>
        visit.form === kept.form && visit.by.member === station.identity.member && visit.atMs >= kept.atMs,
    )
    if (saved) station.dropDraft(draftId(id))
    else
      drafts.set(id, {
        household: id,
        form: kept.form,
        atMs: kept.atMs,
        answered: kept.answered,
        of: kept.of,
      })
  }
  return drafts
}
