import { type RevealReason, revealReasons } from '@doorstep/core'
import type { MaskedThing } from './facts.ts'
import type { RevealScreen } from './screens.ts'
import { type Event, pop, replaceTop, type State, type Step, step, topOf } from './state.ts'

/** In the order of their number keys. */
export const REASONS = Object.keys(revealReasons) as RevealReason[]

/** What may be looked at here: everything masked at the door, or the one thing two people wrote differently. */
export function maskedHere(state: State, { household, only }: RevealScreen): readonly MaskedThing[] {
  const { door, conflicts } = state.facts
  const here = door?.card.household.id === household ? (door?.masked ?? []) : []
  if (only && household !== null)
    return here.filter(({ record, field }) => record === only.record && field === only.field)
  if (only) {
    const one = conflicts?.find(({ record, field }) => record === only.record && field === only.field)
    return one
      ? [
          {
            ...only,
            whose: one.title,
            label: one.label,
            shown: one.values.map(({ value }) => String(value)).join(' / '),
          },
        ]
      : []
  }
  return here
}

export function reduceReveal(
  state: State,
  screen: RevealScreen,
  event: Extract<Event, { type: 'command' | 'digit' | 'text' }>,
): Step {
  const things = maskedHere(state, screen)
  const at = Math.min(screen.at, Math.max(0, things.length - 1))
  const move = (by: number) =>
    step(replaceTop(state, { ...screen, at: Math.max(0, Math.min(at + by, things.length - 1)), seen: null }))
  if (event.type === 'digit') {
    const reason = REASONS[event.digit - 1]
    const thing = things[at]
    if (!reason || !thing) return step(state)
    const { record, field } = thing
    return step(
      { ...state, busy: ['正在记下', 'Writing it down'] },
      { type: 'reveal', record, field, reason },
    )
  }
  if (event.type !== 'command') return step(state)
  if (event.command === 'up') return move(-1)
  return event.command === 'down' ? move(1) : step(state)
}

/** On disk, and so shown; who has gone on meanwhile is shown nothing. In a form it is the answer to what was asked. */
export function revealed(state: State, event: Extract<Event, { type: 'revealed' }>): Step {
  const screen = topOf(state)
  const { type: _, ...seen } = event
  const next: State = {
    ...state,
    busy: null,
    notice: { tone: 'good', words: ['已记下您看过,以及原因', 'It is written down that you looked, and why'] },
  }
  if (screen.type !== 'reveal') return step(next)
  const form = state.screens.at(-2)
  if (form?.type !== 'form' || form.at === null) return step(replaceTop(next, { ...screen, seen }))
  const { household, at } = form
  return step(pop(next), { type: 'answer', household, ref: at, value: event.texts[0] ?? null, after: 'stay' })
}

/** What was shown long enough is masked again, wherever in the stack it lies. */
export function withoutExpired(state: State): State {
  const isOver = (screen: State['screens'][number]) =>
    (screen.type === 'reveal' || screen.type === 'photos') &&
    screen.seen !== null &&
    screen.seen.untilMs <= state.nowMs
  if (!state.screens.some(isOver)) return state
  return {
    ...state,
    screens: state.screens.map((screen) =>
      (screen.type === 'reveal' || screen.type === 'photos') && isOver(screen)
        ? { ...screen, seen: null }
        : screen,
    ),
  }
}
