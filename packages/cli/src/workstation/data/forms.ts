import {
  asksAboutPerson,
  type FoundForm,
  findForm,
  formSourceOf,
  listFormRows,
  type Station,
} from '@doorstep/core'
import type { FormOffer } from '../facts.ts'

/** The forms of a visit, and where their documents come from. */

export type FormSource = {
  /** As they are offered at a door. */
  readonly offers: () => readonly FormOffer[]
  /** The version that visits begin with now, or exactly the one named. */
  readonly find: (id: string, at?: FormVersion) => FoundForm | null
}
export type FormVersion = { readonly version: string; readonly record: string | null }

/** Those of the package and those that chiefs added. What needs the whole document is looked at once a version. */
export function stationForms(station: Station): FormSource {
  const known = new Map<string, FormOffer | null>()
  const find: FormSource['find'] = (id, at) =>
    findForm(station, id, at ? { version: at.version, record: at.record ?? undefined } : {})
  return {
    find,
    offers: () =>
      listFormRows(formSourceOf(station)).flatMap((row): FormOffer[] => {
        if (!row.isCurrent || !row.uses.some((use) => use !== 'case')) return []
        const key = JSON.stringify([row.form, row.version, row.record, row.uses])
        if (!known.has(key)) {
          const form = find(row.form)
          const may = row.uses.includes('person')
          const must = form !== null && (asksAboutPerson(form) || (may && !row.uses.includes('household')))
          known.set(key, form && offerOf(form, must ? 'must' : may ? 'may' : 'not'))
        }
        const offer = known.get(key)
        return offer ? [offer] : []
      }),
  }
}

export const offerOf = (
  { id, version, title }: FoundForm,
  aboutPerson: FormOffer['aboutPerson'],
): FormOffer => ({ id, version, title: [title.zh, title.en], aboutPerson })
