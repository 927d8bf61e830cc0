import { createHash } from 'node:crypto'
import {
  type DraftFile,
  type FoundForm,
  listVisits,
  type Prefill,
  type RecordSet,
  type Station,
} from '@doorstep/core'
import type { DraftNote } from './facts.ts'

/**
 * A half-filled form as it lies on the disk, sealed, never synced: its answers, and apart from them what need not be
 * written again with every answer: the form as it was when it was begun, and each file.
 */
export type KeptDraft = {
  readonly form: string
  /** The version that it was begun with, and stays on. */
  readonly version: string
  /** The form's record; null for one that comes with the package. */
  readonly record: string | null
  /** Whom it is about, of a form about one of the household's people. */
  readonly person: string | null
  readonly text: string
  readonly answered: number
  readonly of: number
  /** Where to go on: the place after the last answer. */
  readonly at: string
  /** Typed and not taken, by question. */
  readonly typed: Readonly<Record<string, string>>
  /** What the form began with. */
  readonly prefilled: Prefill
  readonly files: readonly { readonly ref: string; readonly id: string }[]
}

const draftId = (household: string): string => `visit/${household}`
const documentId = (household: string): string => `visit-form/${household}`
const fileId = (household: string, id: string): string => `visit-file/${household}/${id}`

export class DraftShelf {
  readonly #station: Station
  /** What lies on the disk already, of the form that is open. */
  readonly #laid = new Set<string>()

  constructor(station: Station) {
    this.#station = station
  }

  read(household: string): (KeptDraft & { readonly atMs: number }) | null {
    const draft = this.#station.draft(draftId(household))
    const kept = draft?.value as Partial<KeptDraft> | undefined
    if (!draft || typeof kept?.form !== 'string' || typeof kept.text !== 'string') return null
    return {
      form: kept.form,
      version: kept.version ?? '',
      record: kept.record ?? null,
      person: kept.person ?? null,
      text: kept.text,
      answered: kept.answered ?? 0,
      of: kept.of ?? 0,
      at: kept.at ?? '',
      typed: kept.typed ?? {},
      prefilled: kept.prefilled ?? {},
      files: kept.files ?? [],
      atMs: draft.at,
    }
  }

  /** A form of the package that a draft was begun with: an update leaves no other copy of it. */
  document(household: string): FoundForm | null {
    const kept = this.#station.draft(documentId(household))?.value as Partial<FoundForm> | undefined
    return typeof kept?.xml === 'string' ? (kept as FoundForm) : null
  }

  files(household: string, { files }: Pick<KeptDraft, 'files'>): readonly DraftFile[] {
    return files.flatMap(({ ref, id }) => {
      const file = this.#station.draft(fileId(household, id))?.value as DraftFile | undefined
      return file ? [{ ...file, ref }] : []
    })
  }

  /** What it stands on first, then the answers: a draft never names what is not there. */
  keep(
    household: string,
    document: FoundForm,
    draft: Omit<KeptDraft, 'files'>,
    files: readonly DraftFile[],
  ): void {
    const form = documentId(household)
    if (document.record === null)
      this.#once(`${form} ${document.version}`, () => this.#station.putDraft(form, document))
    const named = files.map((file) => {
      const id = createHash('sha256').update(file.base64).digest('hex').slice(0, 32)
      this.#once(fileId(household, id), () => this.#station.putDraft(fileId(household, id), file))
      return { ref: file.ref, id }
    })
    this.#station.putDraft(draftId(household), { ...draft, files: named } satisfies KeptDraft)
  }

  #once(what: string, put: () => void): void {
    if (this.#laid.has(what)) return
    put()
    this.#laid.add(what)
  }

  drop(household: string): void {
    this.#station.dropDraft(draftId(household))
    this.#station.dropDraft(documentId(household))
    for (const { id } of this.#station.drafts(`visit-file/${household}/`)) this.#station.dropDraft(id)
    this.#laid.clear()
  }

  /** Another form, or the same once more: what lies there may have been thrown away. */
  forget(): void {
    this.#laid.clear()
  }
}

/** Every half-filled form on this disk. One whose visit was saved just before a crash is thrown away. */
export function findDrafts(station: Station, set: RecordSet): ReadonlyMap<string, DraftNote> {
  const shelf = new DraftShelf(station)
  const drafts = new Map<string, DraftNote>()
  for (const { id } of set.ofType('household')) {
    const kept = shelf.read(id)
    if (!kept) continue
    const saved = listVisits(set, { household: id }).some(
      (visit) =>
        visit.form === kept.form && visit.by.member === station.identity.member && visit.atMs >= kept.atMs,
    )
    if (saved) shelf.drop(id)
    else
      drafts.set(id, {
        household: id,
        form: kept.form,
        person: kept.person,
        atMs: kept.atMs,
        answered: kept.answered,
        of: kept.of,
      })
  }
  return drafts
}
