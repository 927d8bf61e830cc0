import { type Overview, overviewOf, type RecordSet, type Station } from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { type Unheard, unheardNamed } from './sync-truth.ts'

/** How the whole stands: for `doorstep overview` and for the workstation alike. */
export type ChiefView = {
  readonly overview: Overview
  /** Held back, for a chief or a steward to look at. */
  readonly held: number
  readonly unheard: readonly Unheard[]
}

const VISITING = new Set(['worker', 'chief'])

export function chiefView(
  station: Station,
  set: RecordSet,
  { on, language }: { readonly on: string; readonly language: Language },
): ChiefView {
  const { members } = station.membership()
  const visiting = [...members.values()].filter(({ role }) => VISITING.has(role)).map(({ id }) => id)
  return {
    overview: overviewOf(set, { on, members: visiting, language }),
    held: station.quarantine().held.length,
    unheard: unheardNamed(station).stations,
  }
}
