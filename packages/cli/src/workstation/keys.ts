import type { Words } from '../voice/language.ts'
import { isTypedWay, wayOf } from './asking/way.ts'
import { placeAt } from './form-place.ts'
import type { ScreenType } from './screens.ts'
import { type Event, type State, topOf } from './state.ts'

/** Every key of the workstation, once: the handler, the line at the foot, the help screen and the docs read this table. */

export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'enter'
  | 'back'
  | 'left'
  | 'right'
  | 'previous'
  | 'next'
  | 'erase'
  | 'clear'
  | 'help'
  | 'language'
  | 'quit'
  | 'lock'
  | 'search'
  | 'sync'
  | 'cases'
  | 'conflicts'
  | 'quarantine'
  | 'scope'
  | 'visit'
  | 'met'
  | 'absent'
  | 'refused'
  | 'new-case'
  | 'history'
  | 'drop-draft'
  | 'note'
  | 'rewrite'
  | 'release'
  | 'reveal'
  | 'photos'
  | 'more'
  | 'less'
  | 'take'
  | 'form-language'
  | 'newer-form'
  | 'sync-now'
  | 'call'
  | 'write-bundle'
  | 'mode'
  | 'notice'
  | 'meters'
  | 'print'
  | 'errands'
  | 'alarms'
  | 'door'
  | 'leave'
  | 'new-errand'
  | 'claim'
  | 'claim-stair'
  | 'sweeps'
  | 'read-bundle'
  | 'day'
  | 'overview'
  | 'diary'
  | 'when'
  | 'chain'
  | 'people'
  | 'add-person'
  | 'move-out'
  | 'away'
  | 'take-back'
  | 'merge'
  | 'not-same'

export type KeyRow = {
  /** A character, or a name: enter, esc, up, backspace, ctrl-c, … */
  readonly keys: readonly string[]
  readonly command: Command
  readonly on: readonly ScreenType[] | 'every'
  /** `choosing`: letters are commands. `typing`: letters are text. */
  readonly mode: 'choosing' | 'typing' | 'both'
  readonly words: Words
  /** Its place in the line at the foot, small first; without one only the help screen names it. */
  readonly foot?: number
}

const LISTS = [
  'today',
  'search',
  'cases',
  'dispatches',
  'conflicts',
  'quarantine',
  'history',
  'sweeps',
  'diary',
  'errands',
  'alarms',
] as const
const DOORS = ['today', 'door'] as const
/** Where one row of several is picked by letters too. */
const PICKED_ON = [
  ...LISTS.filter((one) => one !== 'search'),
  'case',
  'new-case',
  'dispatch',
  'errand',
  'alarm',
  'conflict',
  'quick',
  'reveal',
  'photos',
  'choose-form',
] as const
/** Where something may be typed. */
const TYPED_ON = [
  'search',
  'form',
  'quick',
  'new-case',
  'case',
  'dispatch',
  'conflict',
  'sync',
  'diary',
  'sheet',
  'errand',
  'alarm',
  'leave',
  'new-errand',
  'people',
] as const
const SCROLLED = ['door', 'visit', 'help', 'sync', 'sweep', 'day', 'overview', 'meters'] as const

const keys = (
  names: string,
  command: Command,
  on: KeyRow['on'],
  words: Words,
  foot?: number,
  mode: KeyRow['mode'] = 'choosing',
): KeyRow => ({ keys: names.split(' '), command, on, mode, words, ...(foot === undefined ? {} : { foot }) })

export const KEYS: readonly KeyRow[] = [
  keys('enter', 'enter', ['today', 'search', 'history', 'sweeps'], ['打开', 'Open'], 1, 'both'),
  keys('enter', 'enter', ['door'], ['做下一件事', 'Do what comes next'], 1),
  keys('enter', 'enter', ['choose-form'], ['选这个', 'This one'], 1),
  keys('enter', 'enter', ['form', 'new-case'], ['下一步', 'Next'], 1, 'both'),
  keys('enter', 'enter', ['quick'], ['存下', 'Save'], 1, 'both'),
  keys('enter', 'enter', ['cases', 'conflicts', 'dispatches'], ['打开', 'Open'], 1),
  keys('enter', 'enter', ['dispatch'], ['回报', 'Report'], 1, 'both'),
  keys('enter', 'enter', ['case'], ['走这一步', 'Take this step'], 1, 'both'),
  keys('enter', 'enter', ['conflict'], ['用这个', 'Use this one'], 1, 'both'),
  keys('enter', 'enter', ['drop-draft'], ['丢掉', 'Throw away'], 1),
  keys('enter', 'enter', ['sync'], ['好', 'Go'], 1, 'typing'),

  keys('enter', 'enter', ['diary'], ['打勾:办好了', 'Tick: done'], 1),
  keys('enter', 'enter', ['diary'], ['存下', 'Save'], 1, 'typing'),
  keys('tab', 'when', ['diary'], ['要不要办', 'To do?'], 2, 'typing'),

  keys('n', 'absent', DOORS, ['无人', 'Nobody home'], 2),
  keys('x', 'chain', ['door'], ['下一步', 'Next step'], 2.5),
  keys('r', 'refused', DOORS, ['拒访', 'Refused'], 3),
  keys('i', 'diary', [...DOORS, 'diary'], ['记事', 'Notes'], 7),
  keys('l', 'claim', DOORS, ['认领/让出', 'Claim / give up'], 9),
  keys('z', 'claim-stair', DOORS, ['认领/让出整个单元', 'Claim / give up the stair']),
  keys('m', 'met', ['door'], ['见到,无表', 'Met, no form'], 4),
  keys('v', 'visit', ['door'], ['填表探访', 'Visit with form']),
  keys('o', 'new-case', ['door'], ['新案件', 'New case'], 5),
  keys('u', 'reveal', ['door', 'quick'], ['看号码', 'Unmask'], 6),
  keys('h', 'history', ['door'], ['历史', 'History'], 8),
  keys('f', 'photos', ['door'], ['照片', 'Photos']),
  keys('enter', 'enter', ['photos'], ['打开', 'Open'], 1),
  keys('u', 'reveal', ['conflict'], ['看号码', 'Unmask'], 3),
  keys('D', 'drop-draft', ['door', 'form'], ['丢掉没填完的', 'Throw the draft away']),

  keys('b', 'previous', ['form'], ['上一题', 'Back'], 2),
  keys('up', 'up', ['form'], ['上一题,或上移', 'Back, or up'], 2, 'both'),
  keys('left', 'left', ['form'], ['上一题,或往左', 'Back, or left'], 2, 'both'),
  keys('tab', 'next', ['form'], ['先跳过', 'Later'], 3, 'both'),
  keys('down', 'down', ['form'], ['先跳过,或下移', 'Later, or down'], undefined, 'both'),
  keys('right', 'right', ['form'], ['先跳过,或往右', 'Later, or right'], undefined, 'both'),
  keys('page-up', 'page-up', ['form'], ['上一页', 'Page up'], undefined, 'both'),
  keys('page-down', 'page-down', ['form'], ['下一页', 'Page down'], undefined, 'both'),
  {
    keys: [' '],
    command: 'take',
    on: ['form'],
    mode: 'choosing',
    words: ['排序时拿起、放下', 'Take up, put down, in an order'],
  },
  keys('ctrl-r', 'reveal', ['form'], ['填入登记里打星号的', 'Fill in what is masked'], undefined, 'both'),
  keys('V', 'newer-form', ['form'], ['换到表单的新版', 'On to the newer form']),
  keys('ctrl-t', 'form-language', ['form'], ['表单的语言', 'Language of the form'], undefined, 'both'),
  keys('x delete', 'clear', ['form'], ['清除回答', 'Clear the answer']),
  keys('ctrl-u', 'clear', TYPED_ON, ['清空这一行', 'Clear the line'], undefined, 'typing'),
  keys('backspace delete', 'erase', TYPED_ON, ['删一个字', 'Delete a character'], undefined, 'typing'),
  keys('ctrl-n', 'more', ['form'], ['再加一组', 'Add another of these'], undefined, 'both'),
  keys('ctrl-x', 'less', ['form'], ['去掉这一组', 'Remove this one of several'], undefined, 'both'),

  keys('M', 'mode', ['quick', 'form'], ['方式', 'Mode'], 4),
  keys('w', 'notice', ['door'], ['打印通知', 'Print a notice']),
  keys('W', 'meters', ['door'], ['水电气', 'Meters']),
  keys('w', 'print', ['meters'], ['印给住户', 'Print it'], 1),
  keys('enter', 'enter', ['meters'], ['送打印机', 'To the printer'], 2),
  keys('b', 'errands', ['door'], ['代办', 'Errands']),
  keys('N', 'new-errand', ['errands'], ['新代办', 'New errand'], 2),
  keys('A', 'alarms', 'every', ['报警', 'Alarms'], 0.5),
  keys('ctrl-a', 'alarms', TYPED_ON, ['报警', 'Alarms'], 0.5, 'typing'),
  keys('enter', 'enter', ['alarms'], ['打开', 'Open'], 1),
  keys('enter', 'enter', ['alarm'], ['就这样记', 'Note this'], 1, 'both'),
  keys('O', 'leave', ['door'], ['外出报备', 'Leave notice'], 9.2),
  keys('enter', 'enter', ['leave'], ['存下', 'Save'], 1, 'both'),
  keys('u', 'reveal', ['alarm'], ['看号码', 'Unmask'], 2),
  keys('H', 'door', ['alarm'], ['看这一户', 'The home'], 3),
  keys('c', 'cases', ['alarm'], ['案件', 'Cases'], 4),
  keys('enter', 'enter', ['errands'], ['打开', 'Open'], 1),
  keys('enter', 'enter', ['errand'], ['走这一步', 'Take this step'], 1, 'both'),
  keys('enter', 'enter', ['new-errand'], ['下一步', 'Next'], 1, 'both'),
  keys('enter', 'enter', ['sheet'], ['照表填入', 'Type it in'], 1, 'both'),
  keys('enter', 'enter', ['notice'], ['送打印机', 'To the printer'], 1),
  keys('t', 'note', ['quick'], ['写备注', 'Add a note'], 2),
  keys('e', 'rewrite', ['conflict'], ['改写', 'Write anew'], 2),
  keys('y', 'release', ['quarantine'], ['放行', 'Release'], 1),

  keys('s', 'sync-now', ['sync'], ['现在同步', 'Sync now'], 1),
  keys('a', 'call', ['sync'], ['按地址呼叫', 'Call an address'], 2),
  keys('w', 'write-bundle', ['sync', 'day'], ['写到文件带走', 'Write a file'], 3),
  keys('i', 'read-bundle', ['sync'], ['读入文件', 'Read a file'], 4),
  keys('q', 'quarantine', ['sync', 'today'], ['扣下待看', 'Held back'], 5),
  keys('t', 'day', ['today'], ['今天的账', 'Day'], 6),
  keys('a', 'overview', ['today'], ['全局', 'Overview'], 6.2),

  keys('/', 'search', ['today', 'cases', 'sync'], ['找', 'Find'], 4),
  keys('/', 'search', ['door'], ['找', 'Find'], 9.5),
  keys(
    's',
    'sync',
    ['today', 'door', 'cases', 'conflicts', 'history', 'dispatches', 'day'],
    ['同步', 'Sync'],
    5,
  ),
  keys('c', 'cases', DOORS, ['案件', 'Cases'], 6.5),
  keys('d', 'conflicts', DOORS, ['两种说法', 'Two sayings'], 7),
  keys('p', 'sweeps', ['today', 'door', 'cases', 'sync', 'history'], ['行动', 'Sweeps'], 8),
  keys('g', 'scope', ['today'], ['全部/待访', 'All / due'], 10),
  keys('g', 'scope', ['diary'], ['要办/全部', 'To do / all'], 3),
  keys('g', 'scope', ['cases', 'dispatches'], ['未结/逾期/全部', 'Open / late / all'], 3),

  keys('up k', 'up', PICKED_ON, ['上移', 'Up']),
  keys('down j', 'down', PICKED_ON, ['下移', 'Down']),
  keys('up k', 'up', SCROLLED, ['往上看', 'Scroll up']),
  keys('down j', 'down', SCROLLED, ['往下看', 'Scroll down']),
  keys('up', 'up', ['search'], ['上移', 'Up'], undefined, 'typing'),
  keys('down', 'down', ['search'], ['下移', 'Down'], undefined, 'typing'),
  keys('page-up', 'page-up', [...LISTS, ...SCROLLED], ['上一页', 'Page up'], undefined, 'both'),
  keys('page-down', 'page-down', [...LISTS, ...SCROLLED], ['下一页', 'Page down'], undefined, 'both'),
  keys('home', 'first', LISTS, ['第一个', 'First'], undefined, 'both'),
  keys('end', 'last', LISTS, ['最后一个', 'Last'], undefined, 'both'),

  keys('e', 'people', ['door'], ['家里的人', 'People'], 4.5),
  keys('enter', 'enter', ['people'], ['并排看', 'Compare'], 1),
  keys('enter', 'enter', ['people'], ['存下', 'Save'], 1, 'typing'),
  keys('a', 'add-person', ['people'], ['登记', 'Register'], 2),
  keys('w', 'away', ['people'], ['外出/回来', 'Away / back'], 3),
  keys('o', 'move-out', ['people'], ['搬走', 'Moved out'], 4),
  keys('z', 'take-back', ['people'], ['撤回', 'Take back'], 5),
  keys('m', 'merge', ['people'], ['并排看像的', 'Compare look-alikes']),
  keys('u', 'reveal', ['people'], ['看号码', 'Unmask'], 6),
  keys('enter', 'enter', ['merge'], ['合并', 'Merge'], 1),
  keys('x', 'not-same', ['merge'], ['不是同一个', 'Not the same'], 2),
  keys('left', 'left', ['merge'], ['左边的', 'The left one'], 3),
  keys('right', 'right', ['merge'], ['右边的', 'The right one'], 4),
  keys('up k', 'up', ['people', 'merge'], ['上移', 'Up']),
  keys('down j', 'down', ['people', 'merge'], ['下移', 'Down']),

  keys('esc', 'back', 'every', ['返回(不丢东西)', 'Back, losing nothing'], undefined, 'both'),
  keys('ctrl-g', 'help', TYPED_ON, ['帮助', 'Help'], 90, 'typing'),
  keys('?', 'help', 'every', ['帮助', 'Help'], 90),
  keys('L', 'language', 'every', ['English', '中文']),
  keys('ctrl-l', 'language', 'every', ['English', '中文'], undefined, 'both'),
  keys('K', 'lock', 'every', ['锁上', 'Lock']),
  keys('ctrl-k', 'lock', 'every', ['锁上', 'Lock'], undefined, 'both'),
  keys('Q', 'quit', 'every', ['退出', 'Quit']),
  keys('ctrl-c', 'quit', 'every', ['退出', 'Quit'], undefined, 'both'),
]

/** Letters are text, not commands. */
export function isTyping(state: State): boolean {
  const screen = topOf(state)
  switch (screen.type) {
    case 'search':
    case 'sheet':
    case 'leave':
      return true
    case 'form': {
      const place = placeAt(state)
      return place !== null && isTypedWay(wayOf(place))
    }
    case 'quick':
      return screen.typing
    case 'new-errand':
      return screen.step !== 'kind'
    case 'new-case':
      return screen.step === 'title' || screen.step === 'due'
    case 'case':
    case 'dispatch':
    case 'errand':
    case 'alarm':
      return screen.pending !== null
    case 'conflict':
    case 'diary':
    case 'people':
      return screen.entry !== null
    case 'sync':
      return screen.prompt !== null
    default:
      return false
  }
}

const matches = (row: KeyRow, screen: ScreenType, typing: boolean): boolean =>
  (row.on === 'every' || row.on.includes(screen)) &&
  (row.mode === 'both' || (row.mode === 'typing') === typing)

/** The keys that work here and now, in the table's order. */
export const keysHere = (state: State): readonly KeyRow[] =>
  KEYS.filter((one) => matches(one, topOf(state).type, isTyping(state)))

/** The keys of a screen in every mode, for help. */
export const keysOf = (screen: ScreenType): readonly KeyRow[] => {
  const seen = new Set<string>()
  return KEYS.filter((one) => {
    if (one.on !== 'every' && !one.on.includes(screen)) return false
    const name = `${one.command} ${one.words[0]}`
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}

/** A named key, or text: one character typed, or more at once, pasted or composed. */
export type Press = { readonly name: string } | { readonly text: string }

/** One key press as an event, or null when it means nothing here. */
export function eventOf(state: State, press: Press): Event | null {
  const typing = isTyping(state)
  // With a Chinese input method on, ? and 1 arrive full-width.
  const key = 'name' in press ? press.name : typing ? press.text : press.text.normalize('NFKC')
  const isNamed = 'name' in press
  const found = keysHere(state).find((one) =>
    one.keys.some((name) => name === key && [...name].length > 1 === isNamed),
  )
  if (found) return { type: 'command', command: found.command }
  if (isNamed) return null
  if (typing) return { type: 'text', text: key }
  return /^[0-9]$/.test(key) ? { type: 'digit', digit: Number(key) } : null
}

const SIGNS: Readonly<Record<string, string>> = {
  enter: '↵',
  esc: 'Esc',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  tab: 'Tab',
  backspace: '⌫',
  delete: 'Del',
  'page-up': 'PgUp',
  'page-down': 'PgDn',
  home: 'Home',
  end: 'End',
  ' ': '␣',
}
/** How a key is written on the screen. */
export const keySign = (name: string): string =>
  SIGNS[name] ?? (name.startsWith('ctrl-') ? `Ctrl-${name.slice(5).toUpperCase()}` : name)
