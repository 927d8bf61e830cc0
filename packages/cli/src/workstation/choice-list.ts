import type { CaseScreen, DispatchScreen, ErrandScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

/** Keys over a short list of steps: a digit chooses, the arrows move, enter chooses what is marked. */
export function reduceChoices(
  state: State,
  screen: CaseScreen | DispatchScreen | ErrandScreen,
  event: KeyEvent,
  count: number,
  choose: (at: number) => Step,
): Step {
  if (event.type === 'digit') return choose(event.digit - 1)
  if (event.type === 'text') return step(state)
  switch (event.command) {
    case 'up':
      return step(replaceTop(state, { ...screen, at: Math.max(0, screen.at - 1) }))
    case 'down':
      return step(replaceTop(state, { ...screen, at: Math.min(count - 1, screen.at + 1) }))
    case 'enter':
      return choose(screen.at)
    default:
      return step(state)
  }
}
