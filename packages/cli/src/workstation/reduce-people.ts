import { dropLastGlyph } from './cells.ts'
import { type MergeScreen, movePick, type PeopleScreen, pickedAt, pickFirst } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>

/** Where nobody is registered, somebody is about to be. */
export function openPeople(state: State, household: string): State {
  const residents = state.facts.door?.card.household.id === household ? state.facts.door.card.residents : []
  return push(state, {
    type: 'people',
    household,
    pick: pickFirst,
    doing: 'add',
    entry: residents.length === 0 ? '' : null,
  })
}

/** Everybody of a household: one key says what changed, a line adds somebody. */
export function reducePeople(state: State, screen: PeopleScreen, event: KeyEvent): Step {
  const set = (change: Partial<PeopleScreen>) => step(replaceTop(state, { ...screen, ...change }))
  if (screen.entry !== null) return reduceEntry(state, screen, screen.entry, event, set)
  if (event.type !== 'command') return step(state)
  const rows = state.facts.people?.household === screen.household ? state.facts.people.rows : []
  const picked = rows[pickedAt(rows, screen.pick)]
  const pinned = { pick: movePick(rows, screen.pick, 0) }
  switch (event.command) {
    case 'up':
      return set({ pick: movePick(rows, screen.pick, -1) })
    case 'down':
      return set({ pick: movePick(rows, screen.pick, 1) })
    case 'add-person':
      return set({ doing: 'add', entry: '' })
    case 'move-out':
      return picked ? set({ ...pinned, doing: 'out', entry: '' }) : step(state)
    case 'take-back':
      return picked ? set({ ...pinned, doing: 'undo', entry: '' }) : step(state)
    case 'away':
      if (!picked) return step(state)
      return step(
        { ...replaceTop(state, { ...screen, ...pinned }), busy: SAVING },
        { type: 'away', person: picked.id, household: screen.household, back: picked.state === 'away' },
      )
    case 'enter':
    case 'merge': {
      // Whoever is marked, else the first who looks like another.
      const twice = picked?.alike ? picked : rows.find(({ alike }) => alike !== null)
      if (!twice?.alike) return step(state)
      return step(
        push(replaceTop(state, { ...screen, ...pinned }), {
          type: 'merge',
          household: screen.household,
          keep: twice.id,
          other: twice.alike.id,
          at: 0,
          take: [],
        }),
      )
    }
    case 'reveal':
      return step(push(state, { type: 'reveal', household: screen.household, only: null, at: 0, seen: null }))
    default:
      return step(state)
  }
}

const SAVING = ['正在存盘', 'Saving'] as const

function reduceEntry(
  state: State,
  screen: PeopleScreen,
  entry: string,
  event: KeyEvent,
  set: (change: Partial<PeopleScreen>) => Step,
): Step {
  if (event.type === 'text') return set({ entry: entry + event.text })
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'erase':
      return set({ entry: dropLastGlyph(entry) })
    case 'clear':
      return set({ entry: '' })
    case 'enter': {
      const { household, doing, pick } = screen
      const text = entry.trim()
      if (doing === 'add' && text === '') return set({ entry: null })
      const person = pick.id
      if (doing !== 'add' && person === null) return set({ entry: null })
      return step(
        { ...state, busy: SAVING },
        doing === 'add'
          ? { type: 'add-person', household, text }
          : doing === 'out'
            ? { type: 'move-out', person: person!, household, destination: text }
            : { type: 'take-back', person: person!, reason: text },
      )
    }
    default:
      return step(state)
  }
}

/** Two side by side: for each field in which they differ one holds; ↵ makes one of them, and it can be undone. */
export function reduceMerge(state: State, screen: MergeScreen, event: KeyEvent): Step {
  if (event.type !== 'command') return step(state)
  const rows = state.facts.merge?.keep === screen.keep ? state.facts.merge.rows : []
  const set = (change: Partial<MergeScreen>) => step(replaceTop(state, { ...screen, ...change }))
  const field = rows[Math.min(screen.at, rows.length - 1)]?.id
  const without = screen.take.filter((one) => one !== field)
  switch (event.command) {
    case 'up':
      return set({ at: Math.max(0, screen.at - 1) })
    case 'down':
      return set({ at: Math.min(Math.max(0, rows.length - 1), screen.at + 1) })
    case 'left':
      return set({ take: without })
    case 'right':
      return field === undefined ? step(state) : set({ take: [...without, field] })
    case 'enter':
      return step(
        { ...state, busy: SAVING },
        { type: 'merge', keep: screen.keep, other: screen.other, take: screen.take },
      )
    case 'not-same':
      return step({ ...state, busy: SAVING }, { type: 'not-same', one: screen.keep, other: screen.other })
    default:
      return step(state)
  }
}

/** What was typed is saved, and the line is empty again. */
export function afterResident(state: State, words: readonly [string, string]): State {
  const screen = state.screens.at(-1)!
  return {
    ...(screen.type === 'people' ? replaceTop(state, { ...screen, entry: null }) : state),
    busy: null,
    notice: { tone: 'good', words },
  }
}
