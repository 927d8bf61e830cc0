import {
  builtinForms,
  type FormProblem,
  type FormSession,
  type FoundForm,
  fail,
  findForm,
  hazardsOf,
  listVisits,
  loadSpeller,
  ok,
  openForm,
  type Problem,
  type Question,
  type RecordSet,
  type RecordVisit,
  type Result,
  type Station,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { spellChoices } from './asking/choice-filter.ts'
import { leftOutOf, skippedBetween } from './asking/left-out.ts'
import { wayOf } from './asking/way.ts'
import type { DraftNote, FormFacts } from './facts.ts'
import { firstOpen, placeFrom, questionsOf } from './form-place.ts'

/** A half-filled form as it lies on the disk, sealed, never synced. */
type KeptDraft = {
  readonly form: string
  /** The version it began with, and stays on; none of drafts from before there were several. */
  readonly version?: string
  readonly record?: string | null
  readonly text: string
  readonly answered: number
  readonly of: number
  /** Where to go on: the place after the last answer. */
  readonly at: string
  /** Typed and not taken, by question. */
  readonly typed?: Readonly<Record<string, string>>
}

const draftId = (household: string): string => `visit/${household}`

/** The one open form: every answer is on the disk before the next question is shown. */
export class FormDesk {
  readonly #station: Station
  #open: { readonly household: string; readonly form: FoundForm; readonly session: FormSession } | null = null
  #skipped: FormFacts['skipped'] = null
  #language: Language = 'zh'
  #warm = false
  #typed: Readonly<Record<string, string>> = {}
  /** Made once for every answer, not for every key. */
  #facts: FormFacts | null = null
  #leftOut: FormFacts['leftOut'] | null = null

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

  /** Opens the form, where a draft left it if there is one; gives back the place to go on from, and what was typed. */
  async open(
    household: string,
    form: string,
    language: Language,
  ): Promise<Result<{ readonly at: string; readonly typed: Readonly<Record<string, string>> }>> {
    this.close()
    const draft = keptDraft(this.#station, household)
    // A draft stays on the version it began with, also when that is offered no more.
    const begun = draft?.form === form ? { version: draft.version, record: draft.record ?? undefined } : {}
    const document = findForm(this.#station, form, begun) ?? findForm(this.#station, form)
    if (!document) return fail({ type: 'no-such-form', form })
    this.#language = language
    const opened = await openForm(document.xml, {
      language,
      attachments: document.attachments,
      ...(draft?.form === form ? { draft: draft.text } : {}),
    })
    if (!opened.ok) return opened
    this.#open = { household, form: document, session: opened.value }
    this.#typed = draft?.typed ?? {}
    const places = opened.value.places()
    void this.#spell(opened.value)
    const isThere = places.some((one) => one.ref === draft?.at)
    const at = draft ? (isThere ? draft.at : firstOpen(places)) : (places[0]?.ref ?? 'summary')
    return ok({ at, typed: this.#typed })
  }

  /** Long lists are found by the first letters of their spelling too, once these are made. */
  async #spell(session: FormSession): Promise<void> {
    const long = session
      .questions({ all: true })
      .filter((one) => ['list', 'ticks'].includes(wayOf(one)))
      .map((one) => one.choices)
    if (long.length === 0) return
    const speller = await loadSpeller()
    for (const choices of long) if (this.#open?.session === session) await spellChoices(choices, speller)
  }

  /** The place after this answer, or before it; or why it was not taken. */
  answer(
    household: string,
    ref: string,
    value: unknown,
    by: 1 | -1 = 1,
  ): Result<string, FormProblem | Problem> {
    const open = this.#open
    if (open?.household !== household) return fail({ type: 'form-not-open' })
    const { session } = open
    const answered = session.answer(ref, value)
    if (!answered.ok) return answered
    this.#changed()
    const { [ref]: _taken, ...typed } = this.#typed
    this.#typed = typed
    const place = placeFrom(session.places(), ref, by)
    this.#keep(place)
    this.#skipped = by === 1 ? skippedBetween(session, ref, place) : null
    return ok(place)
  }

  repeat(household: string, ref: string, change: 'add' | 'remove'): Result<string, FormProblem | Problem> {
    const open = this.#open
    if (open?.household !== household) return fail({ type: 'form-not-open' })
    const { session } = open
    const changed = change === 'add' ? session.addRepeat(ref) : session.removeRepeat(ref)
    if (!changed.ok) return changed
    this.#changed()
    const { ref: range, count } = changed.value
    // Into the new one; after a removal, to whether there is another.
    const first = session.places().find((one) => one.ref.startsWith(`${range}[${count}]/`))
    const place = (change === 'add' ? first?.ref : undefined) ?? range
    this.#keep(place)
    return ok(place)
  }

  /** What was typed and not taken goes beside the draft; of a form without an answer there is none. */
  keepTyped(household: string, typed: Readonly<Record<string, string>>): void {
    const kept = keptDraft(this.#station, household)
    const { atMs: _at, ...draft } = kept ?? { atMs: 0 }
    if (this.#open?.household === household) this.#typed = typed
    if (kept) this.#station.putDraft(draftId(household), { ...draft, typed })
    else if (this.#open?.household === household) this.#keep(this.#open.session.places()[0]?.ref ?? 'summary')
  }

  #changed(): void {
    this.#facts = null
    this.#leftOut = null
  }

  #keep(at: string): void {
    const { household, form, session } = this.#open!
    const { answered, of } = countsOf(questionsOf(session.places()))
    this.#station.putDraft(draftId(household), {
      form: form.id,
      version: form.version,
      record: form.record,
      text: session.draft(),
      answered,
      of,
      at,
      typed: this.#typed,
    } satisfies KeptDraft)
  }

  setLanguage(language: Language): void {
    this.#language = language
    this.#open?.session.setLanguage(language)
    this.#changed()
  }

  /** The next of the form's own languages; its answers stay as they are. */
  nextLanguage(): void {
    const session = this.#open?.session
    const names = session?.languages.map(({ name }) => name) ?? []
    const next = names[(names.indexOf(session?.language() ?? '') + 1) % names.length]
    if (next !== undefined) session?.setLanguage(next)
    this.#changed()
  }

  /** On the summary with everything that is left out, and why. */
  facts({ summary = false } = {}): FormFacts | null {
    const open = this.#open
    if (!open) return null
    const { session, form } = open
    this.#facts ??= this.#makeFacts(session, form)
    if (summary) this.#leftOut ??= leftOutOf(session)
    const facts = summary ? { ...this.#facts, leftOut: this.#leftOut ?? [] } : this.#facts
    return facts.skipped === this.#skipped ? facts : { ...facts, skipped: this.#skipped }
  }

  #makeFacts(session: FormSession, form: FoundForm): FormFacts {
    const places = session.places()
    return {
      title: form.title[this.#language],
      places,
      ...countsOf(questionsOf(places)),
      languages: session.languages.map(({ name }) => name),
      spoken: session.language(),
      problems: session.validate(),
      hazards: hazardsOf(form.id, session.values()).map((one) => ({
        title: one.title[this.#language],
        serious: one.grade === 'serious',
        dueOn: 'dueOn' in one ? one.dueOn : null,
        dueInDays: 'dueInDays' in one ? one.dueInDays : null,
      })),
      skipped: null,
      leftOut: [],
      notCarriedOver: session.notCarriedOver,
    }
  }

  /** The form and its answers, for the visit that is to be recorded. */
  filled(household: string): Pick<RecordVisit, 'form' | 'formVersion' | 'formRecord' | 'answers'> | null {
    const open = this.#open
    if (open?.household !== household) return null
    const { form, session } = open
    return {
      form: form.id,
      formVersion: form.version,
      ...(form.record === null ? {} : { formRecord: form.record }),
      answers: session.values(),
    }
  }

  drop(household: string): void {
    if (this.#open?.household === household) this.close()
    this.#station.dropDraft(draftId(household))
  }

  close(): void {
    this.#open?.session.close()
    this.#open = null
    this.#skipped = null
    this.#typed = {}
    this.#changed()
  }
}

function countsOf(questions: readonly Question[]): { readonly answered: number; readonly of: number } {
  const asked = questions.filter((one) => one.kind !== 'note')
  return { answered: asked.filter((one) => one.value !== null).length, of: asked.length }
}

function keptDraft(station: Station, household: string): (KeptDraft & { readonly atMs: number }) | null {
  const draft = station.draft(draftId(household))
  const kept = draft?.value as Partial<KeptDraft> | undefined
  if (!draft || typeof kept?.form !== 'string' || typeof kept.text !== 'string') return null
  return {
    form: kept.form,
    ...(typeof kept.version === 'string' ? { version: kept.version } : {}),
    record: typeof kept.record === 'string' ? kept.record : null,
    text: kept.text,
    answered: kept.answered ?? 0,
    of: kept.of ?? 0,
    at: kept.at ?? '',
    typed: kept.typed ?? {},
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
