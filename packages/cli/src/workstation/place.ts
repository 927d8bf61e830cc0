import type { Station } from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import type { Desk } from './desk.ts'
import { act } from './desk-effects.ts'
import type { Screen } from './screens.ts'
import { type State, topOf } from './state.ts'

/** Where somebody was when the workstation was locked, with what was being typed. */
export type Place = {
  readonly screens: readonly Screen[]
  readonly parked: readonly (readonly [string, Screen])[]
  readonly language: Language
}

/** A draft like the forms: sealed, on this disk only. */
const DRAFT = 'workstation/place'

/** On a full disk the place is lost, and it locks all the same. */
export function keepPlace(station: Station, place: Place): void {
  unlessDiskRefuses(() => station.putDraft(DRAFT, place))
}

/** Given once: what is typed from then on is newer. */
export function takePlace(station: Station): Place | undefined {
  const kept = station.draft(DRAFT)?.value as Place | undefined
  if (kept) unlessDiskRefuses(() => station.dropDraft(DRAFT))
  return kept && Array.isArray(kept.screens) && kept.screens.length > 0 ? kept : undefined
}

function unlessDiskRefuses(work: () => void): void {
  try {
    work()
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw error
  }
}

/** The state as it was; a form on top waits until it is open. */
export function stepBack({
  screens,
  parked,
  language,
}: Place): Pick<State, 'screens' | 'parked' | 'language'> {
  const top = screens.at(-1)
  const waiting =
    top?.type === 'form' ? [...screens.slice(0, -1), { ...top, at: null, entry: null }] : screens
  return { screens: waiting, parked: new Map(parked), language }
}

/** Opens the form that was on top, and puts the words back that were being typed. */
export async function goOn(desk: Desk, { screens }: Place): Promise<void> {
  const was = screens.at(-1)
  if (was?.type !== 'form') return
  const { household, form, person } = was
  await act(desk, { type: 'open-form', household, form, person })
  const top = topOf(desk.state)
  const isThere = was.at === 'summary' || desk.state.facts.form?.places.some((one) => one.ref === was.at)
  if (top.type === 'form' && isThere)
    desk.restore({ screens: [...desk.state.screens.slice(0, -1), { ...was, problem: null }] })
}
