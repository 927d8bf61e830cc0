import {
  builtinForms,
  calendarOf,
  type FormProblem,
  type FormSession,
  type FoundForm,
  fail,
  type HiddenFact,
  hazardsOf,
  loadSpeller,
  mayPhotograph,
  ok,
  openForm,
  type Prefill,
  type Problem,
  planSaves,
  prefillFor,
  type Question,
  type RecordSet,
  type RecordVisit,
  type Result,
  type Station,
  subjectsOf,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { spellChoices } from './asking/choice-filter.ts'
import { leftOutOf, skippedBetween } from './asking/left-out.ts'
import { wayOf } from './asking/way.ts'
import type { FormSource } from './data/forms.ts'
import type { FormFacts, RegisterNote } from './facts.ts'
import { DraftShelf } from './form-draft.ts'
import { firstOpen, placeFrom, questionsOf } from './form-place.ts'

type OpenForm = {
  readonly household: string
  readonly person: string | null
  readonly document: FoundForm
  readonly session: FormSession
  /** What it began with from the register, and what it would have, were it not hidden. */
  readonly prefilled: Prefill
  readonly hidden: readonly HiddenFact[]
  /** What new visits begin with now, where that is another version. */
  readonly newer: FoundForm | null
  typed: Readonly<Record<string, string>>
}

export type OpenAt = {
  /** That of a printed sheet; a draft stays on its own. */
  readonly version?: string
  readonly household: string
  readonly form: string
  readonly person: string | null
  readonly language: Language
}

/** The one open form: every answer is on the disk before the next question is shown. */
export class FormDesk {
  readonly #records: RecordSet
  readonly #shelf: DraftShelf
  readonly #source: FormSource
  #open: OpenForm | null = null
  #skipped: FormFacts['skipped'] = null
  #language: Language = 'zh'
  #warm = false
  /** Made once for every answer, not for every key. */
  #facts: FormFacts | null = null
  #leftOut: FormFacts['leftOut'] | null = null

  constructor(station: Station, records: RecordSet, source: FormSource) {
    this.#records = records
    this.#shelf = new DraftShelf(station)
    this.#source = source
  }

  get source(): FormSource {
    return this.#source
  }

  /** Loads the engine, so that the first form opens at once. */
  async warm(): Promise<void> {
    const [first] = builtinForms
    if (this.#warm || this.#open || !first) return
    this.#warm = true
    const opened = await openForm(first.xml)
    if (opened.ok) opened.value.close()
  }

  /**
   * Opens the form, where a draft left it if there is one, in the version that it was begun with; gives back the
   * place to go on from, and what was typed.
   */
  async open({
    household,
    form,
    person,
    language,
    version,
  }: OpenAt): Promise<Result<{ readonly at: string; readonly typed: Readonly<Record<string, string>> }>> {
    this.close()
    this.#language = language
    const kept = this.#shelf.read(household)
    const draft = kept?.form === form && kept.person === person ? kept : null
    const document =
      (draft && (this.#source.find(form, draft) ?? this.#shelf.document(household))) ??
      (version === undefined ? null : this.#source.find(form, { version, record: null })) ??
      this.#source.find(form)
    if (!document) return fail({ type: 'no-such-form', form })
    const opened = await this.#start(document, household, person, draft)
    if (!opened.ok) return opened
    this.#open = opened.value
    const places = opened.value.session.places()
    void this.#spell(opened.value.session)
    const isThere = places.some((one) => one.ref === draft?.at)
    const at = draft ? (isThere ? draft.at : firstOpen(places)) : (places[0]?.ref ?? 'summary')
    return ok({ at, typed: opened.value.typed })
  }

  async #start(
    document: FoundForm,
    household: string,
    person: string | null,
    draft: ReturnType<DraftShelf['read']>,
  ): Promise<Result<OpenForm>> {
    const known = { values: {} as Prefill, hidden: [] as readonly HiddenFact[] }
    const opened = await openForm(document.xml, {
      language: this.#language,
      attachments: document.attachments,
      prefill: (rules) => {
        const subjects = this.#subjects(household, person)
        Object.assign(known, prefillFor(rules, subjects, this.#records.viewer))
        if (draft) known.values = draft.prefilled
        return known.values
      },
      ...(draft ? { draft: draft.text, draftFiles: this.#shelf.files(household, draft) } : {}),
    })
    if (!opened.ok) return opened
    const { values: prefilled, hidden } = known
    const session = opened.value
    const newer = this.#newer(document)
    return ok({ household, person, document, session, prefilled, hidden, newer, typed: draft?.typed ?? {} })
  }

  #subjects(household: string, person: string | null) {
    return subjectsOf(this.#records, household, person, this.#day)
  }
  get #day(): string {
    return calendarOf(this.#records).dayOf(Date.now())
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

  /** What is asked at `ref` of the form that is open at this door. */
  question(household: string, ref: string): Question | null {
    return this.#open?.household === household ? this.#open.session.question(ref) : null
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
    const { [ref]: _taken, ...typed } = open.typed
    open.typed = typed
    const place = placeFrom(session.places(), ref, by)
    this.#keep(open, place)
    this.#skipped = by === 1 ? skippedBetween(session, ref, place) : null
    return ok(place)
  }

  /** A file is an answer like any other, if the household allows photos and recordings. */
  mayTake(household: string, { media }: Question): Result<void> {
    const needsConsent = media === 'image' || media === 'audio' || media === 'video'
    return needsConsent ? mayPhotograph(this.#records, household, this.#day) : ok(undefined)
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
    this.#keep(open, place)
    return ok(place)
  }

  /** What was typed and not taken goes beside the draft. */
  keepTyped(household: string, typed: Readonly<Record<string, string>>, at: string): void {
    const open = this.#open
    if (open?.household !== household) return
    open.typed = typed
    this.#keep(open, at)
  }

  /** On to the version that is known now; what finds no place in it is listed. */
  async moveOn(household: string): Promise<Result<string>> {
    const open = this.#open
    if (open?.household !== household) return fail({ type: 'form-not-open' })
    const document = open.newer
    if (!document) return ok(firstOpen(open.session.places()))
    const draft = {
      form: document.id,
      version: document.version,
      record: document.record,
      person: open.person,
      text: open.session.draft(),
      ...{ answered: 0, of: 0, at: '', atMs: 0, files: [] },
      typed: open.typed,
      prefilled: open.prefilled,
    }
    const opened = await this.#start(document, household, open.person, draft)
    if (!opened.ok) return opened
    open.session.close()
    this.#open = opened.value
    this.#changed()
    this.#skipped = null
    const at = firstOpen(opened.value.session.places())
    this.#keep(opened.value, at)
    return ok(at)
  }

  #newer({ id, xml }: FoundForm): FoundForm | null {
    const known = this.#source.find(id)
    return known && known.xml !== xml ? known : null
  }

  #changed(): void {
    this.#facts = null
    this.#leftOut = null
  }

  #keep({ household, person, document, session, prefilled, typed }: OpenForm, at: string): void {
    const counts = countsOf(questionsOf(session.places()))
    const text = session.draft({ files: false })
    const { id: form, version, record } = document
    const draft = { form, version, record, person, text, ...counts, at, typed, prefilled }
    this.#shelf.keep(household, document, draft, session.draftFiles())
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
    this.#facts ??= this.#makeFacts(open)
    if (summary) this.#leftOut ??= leftOutOf(open.session)
    const facts = summary ? { ...this.#facts, leftOut: this.#leftOut ?? [] } : this.#facts
    return facts.skipped === this.#skipped ? facts : { ...facts, skipped: this.#skipped }
  }

  #makeFacts(open: OpenForm): FormFacts {
    const { session, document, household, person, prefilled, newer } = open
    const places = session.places()
    const subjects = this.#subjects(household, person)
    return {
      title: document.title[this.#language] || session.title,
      about: subjects.person ? String(subjects.person.fields.name ?? '') : null,
      places,
      ...countsOf(questionsOf(places)),
      languages: session.languages.map(({ name }) => name),
      spoken: session.language(),
      problems: session.validate(),
      hazards: hazardsOf(document.id, session.values()).map((one) => ({
        title: one.title[this.#language],
        serious: one.grade === 'serious',
        dueOn: 'dueOn' in one ? one.dueOn : null,
        dueInDays: 'dueInDays' in one ? one.dueInDays : null,
      })),
      register: registerNotes(open),
      changes: planSaves(session.ruled(), subjects, prefilled, this.#records.viewer),
      newer: newer && { from: document.version, to: newer.version },
      skipped: null,
      leftOut: [],
      notCarriedOver: session.notCarriedOver,
    }
  }

  /** The form and its answers, for the visit that is to be recorded. */
  filled(
    household: string,
  ): Pick<RecordVisit, 'form' | 'document' | 'session' | 'person' | 'prefilled'> | null {
    const open = this.#open
    if (open?.household !== household) return null
    const { document, session, person, prefilled } = open
    return { form: document.id, document, session, prefilled, ...(person === null ? {} : { person }) }
  }

  drop(household: string): void {
    if (this.#open?.household === household) this.close()
    this.#shelf.drop(household)
  }

  close(): void {
    this.#open?.session.close()
    this.#open = null
    this.#skipped = null
    this.#shelf.forget()
    this.#changed()
  }
}

/** Of questions with rules: what the register has, and whether an answer goes back to it. By ref. */
function registerNotes({ session, prefilled, hidden }: OpenForm): Readonly<Record<string, RegisterNote>> {
  return Object.fromEntries(
    session.ruled().map(({ rule, ref }) => [
      ref,
      {
        hidden: hidden.find(({ nodeset }) => nodeset === rule.nodeset) ?? null,
        isKnown: Object.hasOwn(prefilled, rule.nodeset),
        isSaved: rule.save !== null,
      },
    ]),
  )
}

function countsOf(questions: readonly Question[]): { readonly answered: number; readonly of: number } {
  const asked = questions.filter((one) => one.kind !== 'note')
  return { answered: asked.filter((one) => one.value !== null).length, of: asked.length }
}
