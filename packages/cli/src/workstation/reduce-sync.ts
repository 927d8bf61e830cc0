import { dropLastGlyph } from './cells.ts'
import { goElsewhere, scroll } from './reduce-list.ts'
import type { Screen } from './screens.ts'
import { type Effect, type Event, replaceTop, type State, type Step, step } from './state.ts'

type SyncScreen = Extract<Screen, { type: 'sync' }>
type Prompt = NonNullable<SyncScreen['prompt']>

export function reduceSync(
  state: State,
  screen: SyncScreen,
  event: Extract<Event, { type: 'command' | 'digit' | 'text' }>,
): Step {
  const { prompt } = screen
  if (prompt) return reducePrompt(state, screen, prompt, event)
  if (event.type !== 'command') return step(state)
  const ask = (kind: Prompt['kind']) => step(replaceTop(state, { ...screen, prompt: { kind, text: '' } }))
  switch (event.command) {
    case 'sync-now':
      return step(
        { ...state, notice: { tone: 'quiet', words: ['正在找别的站点…', 'Looking for other stations…'] } },
        { type: 'sync-now' },
      )
    case 'call':
      return ask('call')
    case 'write-bundle':
      return ask('write')
    case 'read-bundle':
      return ask('read')
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
      return step(scroll(state, screen, event))
    default:
      return step(goElsewhere(state, event.command))
  }
}

function reducePrompt(
  state: State,
  screen: SyncScreen,
  prompt: Prompt,
  event: Extract<Event, { type: 'command' | 'digit' | 'text' }>,
): Step {
  const set = (text: string) => step(replaceTop(state, { ...screen, prompt: { ...prompt, text } }))
  if (event.type === 'text') return set(prompt.text + event.text)
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return set(dropLastGlyph(prompt.text))
    case 'clear':
      return set('')
    case 'enter': {
      const text = prompt.text.trim()
      if (text === '') return step(state)
      const effects: Readonly<Record<Prompt['kind'], Effect>> = {
        call: { type: 'call', address: text },
        write: { type: 'write-bundle', path: text },
        read: { type: 'read-bundle', path: text },
      }
      return step(replaceTop(state, { ...screen, prompt: null }), effects[prompt.kind])
    }
    default:
      return step(state)
  }
}
