import { dropLastGlyph } from './cells.ts'
import { alarmScreen } from './reduce-alarm.ts'
import { reduceClaim } from './reduce-claim.ts'
import { openDiary } from './reduce-diary.ts'
import { newErrand } from './reduce-errand.ts'
import { openSheet } from './reduce-paper.ts'
import { bodyRows, rowsOf } from './rows.ts'
import { movePick, type Pick, pickedAt, pickFirst, type Screen } from './screens.ts'
import { type Event, push, replaceTop, type State, type Step, step } from './state.ts'

type KeyEvent = Extract<Event, { type: 'command' | 'digit' | 'text' }>
/** Those of one's own keys have a file of their own. */
type ListScreen = Exclude<Extract<Screen, { readonly pick: Pick }>, { readonly type: 'people' }>

/** Lists: moving, opening, and the ways out of them that are the same everywhere. */
export function reduceList(state: State, screen: ListScreen, event: KeyEvent): Step {
  const rows = rowsOf(state, screen)
  const page = Math.max(1, bodyRows(state.size.rows) - 2)
  const move = (by: number) => step(replaceTop(state, { ...screen, pick: movePick(rows, screen.pick, by) }))
  if (event.type === 'text')
    return screen.type === 'search'
      ? step(replaceTop(state, { ...screen, text: screen.text + event.text, pick: pickFirst }))
      : step(state)
  if (event.type === 'digit') return step(state)
  switch (event.command) {
    case 'up':
      return move(-1)
    case 'down':
      return move(1)
    case 'page-up':
      return move(-page)
    case 'page-down':
      return move(page)
    case 'first':
      return move(-rows.length)
    case 'last':
      return move(rows.length)
    case 'erase':
    case 'clear':
      return screen.type === 'search' ? step(erased(state, screen, event.command)) : step(state)
    case 'enter':
      return openRow(state, screen)
    case 'scope':
      return step(rescoped(state, screen))
    case 'release': {
      const held = state.facts.quarantine?.[pickedAt(rows, screen.pick)]
      if (screen.type !== 'quarantine' || !held) return step(state)
      if (held.releasable)
        return step({ ...state, busy: ['正在放行', 'Releasing'] }, { type: 'release', id: held.id })
      return step({
        ...state,
        notice: {
          tone: 'warn',
          words: held.refusedForGood
            ? ['拒收的不能放行', 'What was refused cannot be released']
            : ['放行要由组长或管理员来做', 'Only a chief or a steward may release'],
        },
      })
    }
    case 'new-errand':
      return step(
        screen.type === 'errands' ? push(pinned(state, screen), newErrand(screen.household)) : state,
      )
    case 'claim':
    case 'claim-stair': {
      const door = rows[pickedAt(rows, screen.pick)]
      if (screen.type !== 'today' || !door) return step(state)
      return reduceClaim(pinned(state, screen), door.id, event.command)
    }
    case 'absent':
    case 'refused': {
      const door = rows[pickedAt(rows, screen.pick)]
      if (screen.type !== 'today' || !door) return step(state)
      return step(
        push(pinned(state, screen), {
          type: 'quick',
          household: door.id,
          outcome: event.command,
          contact: null,
          next: 0,
          note: '',
          typing: false,
        }),
      )
    }
    case 'diary':
      return step(openDiary(screen.type === 'today' ? pinned(state, screen) : state, null))
    default:
      return step(goElsewhere(state, event.command))
  }
}

/** The ways from anywhere to the other parts of the house. */
export function goElsewhere(state: State, command: string): State {
  if (state.who.outside && command !== 'sync' && command !== 'quarantine') return state
  switch (command) {
    case 'search':
      return push(state, { type: 'search', text: '', pick: pickFirst })
    case 'sync':
      return push(state, { type: 'sync', prompt: null, scroll: 0 })
    case 'cases':
      return push(state, { type: 'cases', household: null, scope: 'open', pick: pickFirst })
    case 'conflicts':
      return push(state, { type: 'conflicts', pick: pickFirst })
    case 'quarantine':
      return push(state, { type: 'quarantine', pick: pickFirst })
    case 'sweeps':
      return push(state, { type: 'sweeps', pick: pickFirst })
    case 'day':
      return push(state, { type: 'day', scroll: 0 })
    case 'overview':
      return push(state, { type: 'overview', scroll: 0 })
    default:
      return state
  }
}

/** Remembers the row by its id before leaving the list. */
const pinned = (state: State, screen: ListScreen): State =>
  replaceTop(state, { ...screen, pick: movePick(rowsOf(state, screen), screen.pick, 0) })

function openRow(state: State, screen: ListScreen): Step {
  const at = pickedAt(rowsOf(state, screen), screen.pick)
  const from = pinned(state, screen)
  switch (screen.type) {
    case 'today': {
      const door = rowsOf(state, screen)[at]
      return step(door ? push(from, { type: 'door', household: door.id, scroll: 0 }) : state)
    }
    case 'search': {
      if (state.facts.search?.text === screen.text && state.facts.search.sheet) return step(openSheet(state))
      const match = state.facts.search?.matches[at]
      return step(match ? push(from, { type: 'door', household: match.household, scroll: 0 }) : state)
    }
    case 'cases': {
      const one = state.facts.cases?.[at]
      return step(one ? push(from, { type: 'case', id: one.id, at: 0, pending: null }) : state)
    }
    case 'alarms': {
      const one = state.facts.alarms[at]
      return step(one ? push(from, alarmScreen(one.id)) : state)
    }
    case 'errands': {
      const one = state.facts.errands?.[at]
      return step(one ? push(from, { type: 'errand', id: one.id, at: 0, pending: null }) : state)
    }
    case 'dispatches': {
      const one = state.facts.dispatches?.[at]
      return step(one ? push(from, { type: 'dispatch', id: one.id, at: 0, pending: null }) : state)
    }
    case 'conflicts': {
      const one = state.facts.conflicts?.[at]
      return step(
        one
          ? push(from, { type: 'conflict', record: one.record, field: one.field, at: 0, entry: null })
          : state,
      )
    }
    case 'history': {
      const one = state.facts.history?.[at]
      return step(
        one ? push(from, { type: 'visit', household: screen.household, visit: one.id, scroll: 0 }) : state,
      )
    }
    case 'sweeps': {
      const one = state.facts.sweeps?.[at]
      return step(one ? push(from, { type: 'sweep', round: one.round, scroll: 0 }) : state)
    }
    case 'diary':
    case 'quarantine':
      return step(state)
  }
}

function rescoped(state: State, screen: ListScreen): State {
  if (screen.type === 'today') {
    const pick = movePick(rowsOf(state, screen), screen.pick, 0)
    return replaceTop(state, { ...screen, scope: screen.scope === 'due' ? 'all' : 'due', pick })
  }
  if (screen.type !== 'cases' && screen.type !== 'dispatches') return state
  const next = { open: 'late', late: 'all', all: 'open' } as const
  return replaceTop(state, { ...screen, scope: next[screen.scope], pick: pickFirst })
}

const erased = (state: State, screen: Extract<Screen, { type: 'search' }>, how: 'erase' | 'clear'): State =>
  replaceTop(state, { ...screen, text: how === 'clear' ? '' : dropLastGlyph(screen.text), pick: pickFirst })

/** Screens that are read: the arrows move the page. The view stops at the end. */
export function scroll(
  state: State,
  screen: Extract<Screen, { readonly scroll: number }>,
  event: KeyEvent,
): State {
  if (event.type !== 'command') return state
  const page = Math.max(1, bodyRows(state.size.rows) - 2)
  const by = { up: -1, down: 1, 'page-up': -page, 'page-down': page }[event.command as 'up']
  return by === undefined ? state : replaceTop(state, { ...screen, scroll: Math.max(0, screen.scroll + by) })
}

/** Two sayings of one thing: one is chosen, or a third is written. */
export function reduceConflict(
  state: State,
  screen: Extract<Screen, { type: 'conflict' }>,
  event: KeyEvent,
): Step {
  const conflict = state.facts.conflicts?.find(
    (one) => one.record === screen.record && one.field === screen.field,
  )
  const { record, field } = screen
  const set = (change: Partial<typeof screen>) => step(replaceTop(state, { ...screen, ...change }))
  const settle = (settlement: { write: string } | { value: string }) =>
    step(
      { ...state, busy: ['正在存盘', 'Saving'] },
      { type: 'settle', settlement: { record, field, ...settlement } },
    )
  if (!conflict) return step(state)
  if (event.type === 'digit') {
    const value = conflict.values[event.digit - 1]
    return value ? set({ at: event.digit - 1 }) : step(state)
  }
  if (event.type === 'text') return set({ entry: (screen.entry ?? '') + event.text })
  switch (event.command) {
    case 'up':
      return set({ at: Math.max(0, screen.at - 1) })
    case 'down':
      return set({ at: Math.min(conflict.values.length - 1, screen.at + 1) })
    case 'rewrite':
      return set({ entry: '' })
    case 'reveal':
      return step(
        push(state, { type: 'reveal', household: null, only: { record, field }, at: 0, seen: null }),
      )
    case 'erase':
      return set({ entry: dropLastGlyph(screen.entry ?? '') })
    case 'clear':
      return set({ entry: '' })
    case 'enter': {
      if (screen.entry !== null)
        return screen.entry.trim() === '' ? step(state) : settle({ value: screen.entry.trim() })
      const value = conflict.values[screen.at]
      return value ? settle({ write: value.write }) : step(state)
    }
    default:
      return step(state)
  }
}
