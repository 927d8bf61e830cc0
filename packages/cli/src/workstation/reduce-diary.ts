import { dropLastGlyph } from './cells.ts'
import type { TodoLine } from './facts.ts'
import { doorHere } from './reduce-claim.ts'
import { type DiaryScreen, movePick, pickedAt, pickFirst, WHEN_CHOICES } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

/** Where nothing is to be done, something is about to be written. */
export function openDiary(state: State, household: string | null): State {
  const isEmpty =
    household === null
      ? (state.facts.board?.todos.length ?? 0) === 0
      : (state.facts.door?.todos.length ?? 0) === 0
  return push(state, {
    type: 'diary',
    household,
    space: doorHere(state)?.space ?? state.facts.board?.doors[0]?.space ?? null,
    scope: 'open',
    pick: pickFirst,
    entry: isEmpty ? '' : null,
    when: 0,
  })
}

/** What is to be done, and a line of its own being written: ↵ ticks, or saves what was typed. */
export function reduceDiary(state: State, screen: DiaryScreen, event: KeyEvent): Step {
  const set = (change: Partial<DiaryScreen>) => step(replaceTop(state, { ...screen, ...change }))
  return screen.entry === null
    ? reduceLines(state, screen, event, set)
    : reduceEntry(state, screen, screen.entry, event, set)
}

type Set = (change: Partial<DiaryScreen>) => Step

function reduceEntry(state: State, screen: DiaryScreen, entry: string, event: KeyEvent, set: Set): Step {
  if (event.type === 'text') return set({ entry: entry + event.text })
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'when':
      return set({ when: (screen.when + 1) % WHEN_CHOICES.length })
    case 'erase':
      return set({ entry: dropLastGlyph(entry) })
    case 'clear':
      return set({ entry: '' })
    case 'enter': {
      const text = entry.trim()
      if (text === '') return set({ entry: null })
      const { household, space } = screen
      return step(
        { ...state, busy: ['正在存盘', 'Saving'] },
        { type: 'add-diary', household, space, text, dueInDays: WHEN_CHOICES[screen.when] ?? null },
      )
    }
    default:
      return step(state)
  }
}

function reduceLines(state: State, screen: DiaryScreen, event: KeyEvent, set: Set): Step {
  if (event.type !== 'command') return step(state)
  const rows = state.facts.diary ?? []
  const move = (by: number) => set({ pick: movePick(rows, screen.pick, by) })
  switch (event.command) {
    case 'up':
      return move(-1)
    case 'down':
      return move(1)
    case 'page-up':
      return move(-10)
    case 'page-down':
      return move(10)
    case 'first':
      return move(-rows.length)
    case 'last':
      return move(rows.length)
    case 'diary':
      return set({ entry: '', when: 0 })
    case 'scope':
      return set({ scope: screen.scope === 'open' ? 'all' : 'open', pick: pickFirst })
    case 'enter':
      return tick(state, rows[pickedAt(rows, screen.pick)])
    default:
      return step(state)
  }
}

function tick(state: State, line: TodoLine | undefined): Step {
  if (!line?.open) return step(state)
  return step(
    { ...state, busy: ['正在存盘', 'Saving'] },
    line.promise ? { type: 'keep-promise', household: line.household! } : { type: 'tick-diary', id: line.id },
  )
}
