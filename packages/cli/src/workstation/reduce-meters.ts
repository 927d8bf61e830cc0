import { scroll } from './reduce-list.ts'
import type { MetersScreen } from './screens.ts'
import { type Event, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

/** `w` writes the resident's sheet as a PDF; ↵ then sends it to the printer. */
export function reduceMeters(state: State, screen: MetersScreen, event: KeyEvent): Step {
  const { household, file } = screen
  if (event.type === 'command' && event.command === 'print')
    return step({ ...state, busy: ['正在写 PDF', 'Writing the PDF'] }, { type: 'print-meters', household })
  if (event.type === 'command' && event.command === 'enter')
    return file === null
      ? step(state)
      : step({ ...state, busy: ['正在送打印机', 'Sending to the printer'] }, { type: 'send-print', file })
  return step(scroll(state, screen, event))
}
