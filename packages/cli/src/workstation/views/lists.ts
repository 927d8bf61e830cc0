import { stateLabel } from '@doorstep/core'
import { awaitsText } from '../../voice/case-text.ts'
import { say, type Words } from '../../voice/language.ts'
import { matchedText, whereText } from '../../voice/person-text.ts'
import { cutStart } from '../cells.ts'
import { sheetLine } from '../data/sheet.ts'
import { dayText, lateText, todayOf, whenText } from '../dates.ts'
import { blank, type Cell, type Line, line, row, span, windowOf } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { bodyRows } from '../rows.ts'
import { type Pick, pickedAt, type Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { holdReasons, modeText, outcomeText } from '../words.ts'
import { timeLeft } from './case.ts'

/** Screens that are one list. */

type Of<T extends Screen['type']> = Extract<Screen, { type: T }>

const heading = (state: State, words: Words): Line => line(' ', span(say(state.language, words), 'strong'))
const said = (state: State, words: Words): Line => line(`   ${say(state.language, words)}`)

/** Rows around the selected one; `above` stays in place. */
export function listed<T extends { readonly id: string }>(
  state: State,
  rows: readonly T[] | null,
  pick: Pick,
  cells: (one: T) => readonly Cell[],
  empty: Words,
  above: readonly Line[] = [],
): readonly Line[] {
  if (rows === null) return [...above, said(state, ['正在取…', 'One moment…'])]
  if (rows.length === 0) return [...above, blank, said(state, empty)]
  const at = pickedAt(rows, pick)
  const shown = windowOf(rows, at, bodyRows(state.size.rows) - above.length)
  return [...above, ...shown.rows.map((one, index) => row(cells(one), shown.from + index === at))]
}

export function searchView(state: State, screen: Of<'search'>): Pane {
  const { language, size, facts } = state
  const found = facts.search?.text === screen.text ? facts.search.matches : null
  const sheet = facts.search?.text === screen.text ? facts.search.sheet : null
  const typed: Line = {
    ...line(
      span(say(language, [' 找:', ' Find: ']), 'strong'),
      span(cutStart(screen.text, size.columns - 10), 'typed'),
    ),
    cursor: true,
  }
  const hint: Words = [
    '门牌(1-2-301)、姓名、拼音首字母、电话后四位、类别、纸表编号',
    'Door (1-2-301), name, pinyin initials, last digits of a phone, category, code of a sheet',
  ]
  return {
    title: typed,
    body: sheet
      ? [
          blank,
          line('   ', span(sheetLine(sheet, language), sheet.type === 'sheet' ? 'strong' : 'warn')),
          ...(sheet.type === 'sheet'
            ? [blank, said(state, ['↵ 照这张纸表填入', '↵ types this sheet in'])]
            : []),
        ]
      : screen.text.trim() === ''
        ? [blank, said(state, hint)]
        : listed(
            state,
            found,
            screen.pick,
            (one) => [
              { text: one.title, width: 24, tone: 'strong' },
              {
                text: [
                  one.state === null ? '' : whereText(one.state, language),
                  matchedText(one.why, language),
                ]
                  .filter(Boolean)
                  .join(' '),
                width: 18,
                tone: one.state === null || one.state === 'present' ? 'quiet' : 'warn',
              },
              { text: one.address, width: size.columns - 58 },
              {
                text: one.overdueDays === null ? '' : lateText(one.overdueDays, language),
                width: 13,
                tone: (one.overdueDays ?? 0) > 0 ? 'warn' : 'quiet',
              },
            ],
            ['没有找到。少打几个字试试。', 'Nothing found. Try fewer letters.'],
          ),
  }
}

const SCOPES: Readonly<Record<Of<'cases'>['scope'], Words>> = {
  open: ['未结案件', 'Open cases'],
  late: ['逾期案件', 'Late cases'],
  all: ['全部案件', 'All cases'],
}

export function casesView(state: State, screen: Of<'cases'>): Pane {
  const { language, size, facts } = state
  const count = facts.cases?.length ?? 0
  const [zh, en] = SCOPES[screen.scope]
  return {
    title: heading(state, [`${zh} ${count} 件`, `${en}: ${count}`]),
    body: listed(
      state,
      facts.cases,
      screen.pick,
      (one) => [
        { text: one.title ?? '', width: size.columns - 4 - 20 - 16 - 20, tone: 'strong' },
        { text: one.address, width: 20 },
        {
          text: `${one.flagged ? '! ' : ''}${one.awaiting[0] ? `${awaitsText(one.awaiting[0], language)} ` : ''}${stateLabel(one.state, language)}`,
          width: 16,
          tone: one.awaiting.length > 0 ? 'warn' : 'plain',
        },
        { text: timeLeft(state, one), width: 20, tone: one.clock.level === 'none' ? 'plain' : 'warn' },
      ],
      ['没有案件。', 'No cases.'],
    ),
  }
}

export function conflictsView(state: State, screen: Of<'conflicts'>): Pane {
  const { language, size, facts } = state
  return {
    title: heading(state, ['两种说法', 'Two sayings']),
    right: line(
      span(
        say(language, ['两个都留着,直到有人定下来 ', 'Both are kept until somebody settles it ']),
        'quiet',
      ),
    ),
    body: listed(
      state,
      facts.conflicts,
      screen.pick,
      (one) => [
        { text: one.title, width: 26, tone: 'strong' },
        { text: say(language, one.label), width: 14 },
        {
          text: one.values.map(({ value, by }) => `${by.name}:${shownValue(value)}`).join('  /  '),
          width: size.columns - 4 - 26 - 14,
        },
      ],
      ['没有互相矛盾的内容。', 'Nothing contradicts anything.'],
    ),
  }
}

export const shownValue = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '–' : JSON.stringify(value)

export function quarantineView(state: State, screen: Of<'quarantine'>): Pane {
  const { language, size, facts, nowMs, timeZone } = state
  const above = [
    said(state, [
      '扣下的不算数,也不丢;放行后连同它依据的都算数,每台机器都会知道。',
      'Held back: not counted, not lost. Released, it counts everywhere, with all it stands on.',
    ]),
    blank,
  ]
  return {
    title: heading(state, ['扣下待看', 'Held back']),
    body: listed(
      state,
      facts.quarantine,
      screen.pick,
      (one) => [
        { text: one.id, width: 14 },
        { text: say(language, [`来自 ${one.fromName}`, `from ${one.fromName}`]), width: 26 },
        {
          text: one.refusedForGood
            ? say(language, [`拒收:${one.reason}`, `refused: ${one.reason}`])
            : say(language, holdReasons[one.reason] ?? [one.reason, one.reason]),
          width: size.columns - 4 - 14 - 26 - 18,
        },
        { text: whenText(one.since, nowMs, timeZone, language), width: 18, tone: 'quiet' },
      ],
      ['没有扣下的东西。', 'Nothing is held back.'],
      above,
    ),
  }
}

export function historyView(state: State, screen: Of<'history'>): Pane {
  const { language, size, facts } = state
  const today = todayOf(state)
  const door = facts.board?.doors.find((one) => one.id === screen.household)
  const address = door ? `${door.door}  ${door.name}` : ''
  return {
    title: heading(state, [`历史  ${address}`, `History  ${address}`]),
    body: listed(
      state,
      facts.history,
      screen.pick,
      (one) => [
        { text: one.on === null ? '' : dayText(one.on, today, language), width: 14, tone: 'strong' },
        { text: outcomeText(one.outcome, language), width: 15 },
        { text: modeText(one.mode, language), width: 13 },
        { text: one.by.name, width: 16 },
        {
          text:
            one.withdrawn !== null
              ? say(language, [`已撤回:${one.withdrawn}`, `Withdrawn: ${one.withdrawn}`])
              : (one.note ?? (one.form === null ? '' : say(language, ['有表单', 'with form']))),
          width: size.columns - 4 - 14 - 15 - 13 - 16,
        },
      ],
      ['还没有探访过。', 'Not visited yet.'],
    ),
  }
}
