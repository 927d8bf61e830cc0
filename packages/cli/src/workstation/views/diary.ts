import { say, type Words } from '../../voice/language.ts'
import { cutStart } from '../cells.ts'
import { dayIn, dayText, lateText, nearDayText, todayOf } from '../dates.ts'
import type { TodoLine } from '../facts.ts'
import { blank, type Cell, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { type DiaryScreen, WHEN_CHOICES } from '../screens.ts'
import type { State } from '../state.ts'
import { listed } from './lists.ts'

/** What is to be done, and what was noted; a line being written stands above. */
export function diaryView(state: State, screen: DiaryScreen): Pane {
  const { language, facts, size } = state
  const door = facts.board?.doors.find(({ id }) => id === screen.household)
  const where = door ? `  ${door.door}  ${door.name}` : ''
  const title: Words =
    screen.scope === 'open' ? [`要办的${where}`, `To do${where}`] : [`民情日记${where}`, `Diary${where}`]
  return {
    title: line(' ', span(say(language, title), 'strong')),
    body: listed(
      state,
      facts.diary,
      screen.pick,
      (one) => cellsOfLine(state, one, size.columns),
      screen.entry === null
        ? ['没有要办的。i 写一条', 'Nothing to do. i writes a line']
        : ['没有别的要办的。', 'Nothing else to do.'],
      screen.entry === null ? [] : entryLines(state, screen, screen.entry),
    ),
  }
}

function entryLines(state: State, { when }: DiaryScreen, entry: string): readonly Line[] {
  const { language, size } = state
  const days = WHEN_CHOICES[when] ?? null
  const today = todayOf(state)
  const due = (of: 'zh' | 'en') => (days === null ? '' : nearDayText(dayIn(today, days), today, of))
  const words: Words =
    days === null
      ? ['只记下,不用办      Tab 改成要办', 'Only noted, nothing to do      Tab: to be done']
      : [
          `要办:${due('zh')}起提醒      Tab 换一天`,
          `To be done, on the list from ${due('en')}      Tab: another day`,
        ]
  return [
    blank,
    {
      ...line(
        span(say(language, ['   记  ', '   Note  ']), 'strong'),
        span(cutStart(entry, size.columns - 14), 'typed'),
      ),
      cursor: true,
    },
    blank,
    line(span(`   ${say(language, words)}`, days === null ? 'quiet' : 'warn')),
    blank,
  ]
}

function cellsOfLine(state: State, one: TodoLine, columns: number): readonly Cell[] {
  const { language } = state
  const today = todayOf(state)
  const when: Words = one.promise
    ? ['答应过', 'promised']
    : one.doneOn !== null
      ? [`✓ ${dayText(one.doneOn, today, 'zh')}`, `✓ ${dayText(one.doneOn, today, 'en')}`]
      : one.dueOn === null
        ? ['', '']
        : [lateText(one.overdueDays, 'zh'), lateText(one.overdueDays, 'en')]
  const widths = { mark: 4, door: 14, when: 13, by: 10 }
  const text = columns - 4 - widths.mark - widths.door - widths.when - widths.by
  return [
    { text: one.open ? '[ ]' : one.doneOn === null ? ' ·' : '[✓]', width: widths.mark, tone: 'strong' },
    { text: one.door, width: widths.door },
    { text: one.text, width: text, tone: one.open ? 'strong' : 'quiet' },
    { text: one.by, width: widths.by, tone: 'quiet' },
    {
      text: say(language, when),
      width: widths.when,
      tone: one.open && one.overdueDays > 0 ? 'warn' : 'plain',
    },
  ]
}
