import { errandStepsFrom } from '@doorstep/core'
import { say, type Words } from '../voice/language.ts'
import { subjectsHere } from './asking/reduce-choose.ts'
import { type Way, wayOf } from './asking/way.ts'
import { cellsOf } from './cells.ts'
import { isMine } from './claims.ts'
import { placeAt } from './form-place.ts'
import { type KeyRow, keySign, keysHere } from './keys.ts'
import { type Line, line, type Span, span } from './lines.ts'
import { choicesAt, improvementsAt } from './reduce-alarm.ts'
import { stepsHere } from './reduce-case.ts'
import { doorHere } from './reduce-claim.ts'
import { reportsHere } from './reduce-dispatch.ts'
import { chainStepAt, choicesOf, nextAtDoor } from './reduce-door.ts'
import { errandKinds } from './reduce-errand.ts'
import { NOTICES } from './reduce-paper.ts'
import { REASONS } from './reduce-reveal.ts'
import { type AlarmScreen, type FormScreen, NEXT_CHOICES } from './screens.ts'
import { type State, topOf } from './state.ts'

const GAP = '   '

/** The line of keys that work here, the likeliest first; the keys of going back and of help are always on it. */
export function footOf(state: State): Line {
  const { shown, fixed } = footItems(state)
  return line(' ', ...joined([...shown, ...fixed]))
}

/** Those for which the line at the foot has no room, as many as go into so many cells. */
export function moreKeys(state: State, cells: number): Line {
  let left = cells - 1
  const shown = footItems(state).rest.filter((text) => {
    left -= cellsOf(text) + GAP.length
    return left >= 0
  })
  return shown.length === 0 ? line() : line(' ', ...joined(shown))
}

function footItems(state: State) {
  const { language, screens, size } = state
  const rows = keysHere(state)
    .filter((one) => one.foot !== undefined)
    .sort((a, b) => a.foot! - b.foot!)
  const item = (sign: string, words: Words) => `${sign} ${say(language, words)}`
  const items = rows
    .filter((one) => one.command !== 'help')
    .flatMap((one) => {
      const words = wordsHere(state, one)
      return words ? [item(keySign(one.keys[0]!), words)] : []
    })
  const digits = digitWords(state)
  if (digits) items.unshift(item(digits.sign, digits.words))
  const fixed = [
    ...(screens.length > 1 ? [item('Esc', ['返回', 'Back'])] : [item('Q', ['退出', 'Quit'])]),
    ...rows.filter((one) => one.command === 'help').map((one) => item(keySign(one.keys[0]!), one.words)),
  ]
  let left = size.columns - 1 - cellsOf(fixed.join(GAP))
  const shown = items.filter((text) => {
    left -= cellsOf(text) + GAP.length
    return left >= 0
  })
  return { shown, fixed, rest: items.slice(shown.length) }
}

const joined = (items: readonly string[]): Span[] =>
  items.flatMap((text, at): Span[] => [
    ...(at > 0 ? [{ text: GAP, tone: 'plain' as const }] : []),
    ...keyed(text),
  ])

/** The key stands out from its word. */
function keyed(text: string): Span[] {
  const space = text.indexOf(' ')
  return [span(text.slice(0, space), 'strong'), { text: text.slice(space), tone: 'quiet' }]
}

/** What a key does just here; null when it would do nothing. */
function wordsHere(state: State, { command, words }: KeyRow): Words | null {
  const screen = topOf(state)
  if (screen.type === 'door' && command === 'enter')
    return {
      draft: ['接着填', 'Go on'] as const,
      'next-door': ['下一户', 'Next door'] as const,
      visit: ['开始探访', 'Visit'] as const,
      ...STEPS,
    }[nextAtDoor(state, screen.household)]
  if (screen.type === 'door' && command === 'chain') {
    const next = chainStepAt(state, screen.household)
    return next === null || next === 'again' || next === nextAtDoor(state, screen.household)
      ? null
      : STEPS[next]
  }
  if (command === 'overview' && !state.who.leads) return null
  if (command === 'alarms')
    return state.facts.alarms.length > 0 && screen.type !== 'alarms' && screen.type !== 'alarm' ? words : null
  if (screen.type === 'alarm') return alarmWordsHere(state, screen, command, words)
  if (screen.type === 'quick' && command === 'reveal')
    return screen.contact === 'emergency' && !screen.typing ? words : null
  if (screen.type === 'diary' && command === 'enter' && screen.entry === null)
    return (state.facts.diary ?? []).length > 0 ? words : null
  if (screen.type === 'people' && screen.entry === null && (command === 'enter' || command === 'merge'))
    return state.facts.people?.rows.some(({ alike }) => alike !== null) ? words : null
  if (screen.type === 'diary' && command === 'diary') return ['写一条', 'Write one']
  if (screen.type === 'photos' && command === 'enter') return screen.seen ? ['收起', 'Put away'] : null
  if (screen.type === 'form' && command === 'mode')
    return screen.at === 'summary' && !screen.how?.sheet ? words : null
  if ((screen.type === 'notice' || screen.type === 'meters') && command === 'enter')
    return screen.file === null ? null : words
  if (screen.type === 'form') return formWordsHere(state, screen, command, words)
  if (screen.type === 'today' && command === 'scope')
    return screen.scope === 'due' ? ['全部住户', 'All doors'] : ['只看待访', 'Due only']
  if (screen.type === 'today' && command === 'quarantine')
    return state.facts.board && state.facts.board.held > 0 ? words : null
  if (command === 'claim') return claimWordsHere(state) ?? words
  if (command === 'sweeps' && (state.facts.board?.openSweeps ?? 0) === 0) return null
  if (command === 'conflicts' && (state.facts.board?.conflicts ?? 0) === 0) return null
  if (state.who.outside && command === 'search') return null
  if (screen.type === 'quick' && screen.typing && command === 'enter') return ['写好了', 'Done']
  return words
}

const BACK: Words = ['上一题', 'Back']
/** Where ↑ is taken, ← goes back; where both are, Esc is left. */
const BACK_BY: Readonly<Partial<Record<Way, 'up' | 'left'>>> = {
  typed: 'up',
  lines: 'up',
  file: 'up',
  scale: 'up',
  list: 'left',
  ticks: 'left',
}

function formWordsHere(
  state: State,
  screen: FormScreen,
  command: KeyRow['command'],
  words: Words,
): Words | null {
  if (screen.at === null) return null
  const place = placeAt(state)
  const way = place && wayOf(place)
  switch (command) {
    case 'enter':
      if (place) return words
      return state.facts.form?.problems.length ? ['去补这一题', 'Go there'] : ['存盘', 'Save']
    case 'next':
      return place ? words : null
    case 'up':
    case 'left':
      return way && BACK_BY[way] === command ? BACK : null
    default:
      return words
  }
}
const STEPS = {
  neighbour: ['问邻居', 'Ask a neighbour'],
  emergency: ['打紧急联系人', 'Call the contact'],
  case: ['开案', 'Open a case'],
} as const

function alarmWordsHere(
  { facts }: State,
  screen: AlarmScreen,
  command: KeyRow['command'],
  words: Words,
): Words | null {
  const card = facts.alarm?.id === screen.id ? facts.alarm : null
  if (command === 'enter')
    return card?.open || screen.pending ? words : card?.improvements.length ? ['就这样改', 'Do this'] : null
  if (command === 'reveal') return card?.contact ? words : null
  if (command === 'door') return card?.household ? words : null
  if (command === 'cases') return card?.case ? words : null
  return words
}

/** At a door that this member has claimed, the key gives it up. */
function claimWordsHere(state: State): Words | null {
  const door = doorHere(state)
  return door ? (isMine(door) ? ['让出', 'Give up'] : ['认领', 'Claim']) : null
}

/** What the number keys do here. */
function digitWords(state: State): { sign: string; words: Words } | null {
  const screen = topOf(state)
  const upTo = (count: number, words: Words) =>
    count < 1 ? null : { sign: `1–${Math.min(9, count)}`, words }
  switch (screen.type) {
    case 'quick':
      return screen.typing
        ? null
        : upTo(choicesOf(screen).length, screen.contact === null ? ['下次', 'Next visit'] : ['选', 'Choose'])
    case 'new-case':
      if (screen.step === 'kind') return upTo(state.facts.kinds.length, ['选', 'Choose'])
      return screen.step === 'grade' ? upTo(2, ['选', 'Choose']) : null
    case 'new-errand':
      return screen.step === 'kind' ? upTo(errandKinds.length, ['选', 'Choose']) : null
    case 'alarm': {
      const count = choicesAt(state).length + improvementsAt(state).length
      return screen.pending || count === 0 ? null : upTo(count, ['选', 'Choose'])
    }
    case 'errand':
      return screen.pending || !state.facts.errand
        ? null
        : upTo(errandStepsFrom(state.facts.errand.state).length, ['选这一步', 'Choose a step'])
    case 'notice':
      return upTo(NOTICES.length, ['写 PDF', 'Write the PDF'])
    case 'reveal':
      return screen.seen ? null : upTo(REASONS.length, ['原因', 'Why'])
    case 'photos':
      return screen.seen || state.facts.photos.length === 0 ? null : upTo(REASONS.length, ['原因', 'Why'])
    case 'case':
      return screen.pending || !state.facts.case
        ? null
        : upTo(stepsHere(state.facts.case, state.who).length, ['选这一步', 'Choose a step'])
    case 'dispatch':
      return screen.pending || !state.facts.dispatch?.open ? null : upTo(reportsHere.length, ['选', 'Choose'])
    case 'choose-form':
      return upTo(
        screen.form === null
          ? state.facts.forms.length
          : subjectsHere(state, screen.household, screen.form).length,
        ['选', 'Choose'],
      )
    case 'form': {
      if (screen.at === 'summary') return upTo(NEXT_CHOICES.length, ['下次', 'Next visit'])
      const place = placeAt(state)
      if (!place) return null
      if (place.kind === 'repeat') return upTo(2, ['选', 'Choose'])
      const count = place.choices.length
      switch (wayOf(place)) {
        case 'number':
          return upTo(count, ['回答', 'Answer'])
        case 'numbers':
          return upTo(count, ['勾选', 'Tick'])
        case 'order':
          return upTo(count, ['按先后', 'In order'])
        default:
          return null
      }
    }
    default:
      return null
  }
}
