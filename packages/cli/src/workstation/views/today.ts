import { categoryLabel, mindLabel } from '@doorstep/core'
import { absenceWords } from '../../voice/absence-words.ts'
import { ageText, alarmLabel, nextAlarmText, urgencyText } from '../../voice/alarm-text.ts'
import { noticeText } from '../../voice/case-text.ts'
import { clockDoubtWords } from '../../voice/clock-doubt-text.ts'
import { say, type Words } from '../../voice/language.ts'
import { aloneText, unheardText } from '../../voice/sync-text.ts'
import { bar } from '../bar.ts'
import { cellsOf, cut } from '../cells.ts'
import { claimWords, myDoubles } from '../claims.ts'
import { dayText, lateText, timeText, todayOf, weekdayText, whenText } from '../dates.ts'
import type { DoorRow } from '../facts.ts'
import { blank, type Cell, type Line, line, row, span, type Tone, windowOf } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { bodyRows, doorRows, isLeft } from '../rows.ts'
import { pickedAt, type Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { outcomeText } from '../words.ts'

/** The doors of today in walking order, stair by stair, the next one selected. */
export function todayView(state: State, screen: Extract<Screen, { type: 'today' }>): Pane {
  const { board } = state.facts
  const { language, nowMs, timeZone } = state
  if (!board) return { title: line(span(say(language, [' 今天', ' Today']), 'strong')), body: [] }
  const doors = doorRows(state, screen.scope)
  const at = pickedAt(doors, screen.pick)
  const warnings = [...alarmLines(state), ...warningLines(state)]
  return {
    title: titleLine(state, screen.scope, doors.length),
    right: line(
      `${dayText(board.day, board.day, language)} ${weekdayText(board.day, language)} ${timeText(nowMs, timeZone)} `,
    ),
    body: [
      ...warnings,
      ...(doors.length === 0
        ? emptyBody(state, screen.scope)
        : listBody(state, doors, at, bodyRows(state.size.rows) - warnings.length)),
    ],
  }
}

function titleLine(state: State, scope: 'due' | 'all', count: number): Line {
  const { language } = state
  const board = state.facts.board!
  const due = doorRows(state, 'due')
  const left = due.filter(isLeft).length
  const noted = board.doors.filter((door) => door.today !== null).length
  const late = due.filter((door) => (door.overdueDays ?? 0) > 0).length
  const alarms = Math.max(board.doors.filter((door) => door.alarm !== null).length, state.facts.alarms.length)
  const doubles = myDoubles(board).length
  const said = (words: Words) => say(language, words)
  return line(
    ' ',
    span(
      scope === 'due'
        ? said([`今天还有 ${left} 户`, `${left} door${left === 1 ? '' : 's'} to visit`])
        : said([`我的网格 ${count} 户`, `My grid, ${count} doors`]),
      'strong',
    ),
    ...(noted > 0 ? ['   ', span(bar(noted, noted + left, 8), 'good')] : []),
    said([`   已访 ${board.visitedToday}`, `   done ${board.visitedToday}`]),
    span(said([`   逾期 ${late}`, `   late ${late}`]), late > 0 ? 'warn' : 'plain'),
    ...(alarms > 0 ? [span(said([`   报警 ${alarms}`, `   alarms ${alarms}`]), 'alarm')] : []),
    ...(board.openCases > 0 ? [said([`   案件 ${board.openCases}`, `   cases ${board.openCases}`])] : []),
    ...(doubles > 0 ? [span(said([`   双认领 ${doubles}`, `   claimed twice ${doubles}`]), 'warn')] : []),
    ...(board.conflicts > 0
      ? [span(said([`   两种说法 ${board.conflicts}`, `   two sayings ${board.conflicts}`]), 'warn')]
      : []),
    ...(board.held > 0 ? [span(said([`   扣下 ${board.held}`, `   held ${board.held}`]), 'warn')] : []),
  )
}

/** Named one by one, the most pressing first; beyond them it is said how many more there are. */
const MOST_ALARMS = 3

/** Above all else: how urgent, what, where, since when, and what is to be done now. */
function alarmLines(state: State): readonly Line[] {
  const { language, nowMs, timeZone, size } = state
  const { alarms } = state.facts
  const now = { today: todayOf(state), timeZone, language }
  const many = alarms.length > MOST_ALARMS
  const lines = alarms.slice(0, many ? MOST_ALARMS - 1 : MOST_ALARMS).map((one, at) => {
    const told = [
      `${alarmLabel(one, language)}  ${one.door}`,
      ageText(nowMs - one.raisedAtMs, language),
      nextAlarmText(one, nowMs, now),
    ].join(' · ')
    const look = at === 0 ? say(language, [' — A 处置', ' — A to answer']) : ''
    const urgency = urgencyText(one, language)
    const room = size.columns - 6 - cellsOf(look) - cellsOf(urgency)
    return {
      ...line(
        span(` ● ${urgency} `, one.rule.urgency === 'life' ? 'alarm' : 'warn'),
        span(cut(told, room), 'strong'),
        span(look, 'quiet'),
      ),
      spoken: say(language, [`报警:${urgency},${told}${look}`, `Alarm: ${urgency}, ${told}${look}`]),
    }
  })
  const rest = alarms.length - lines.length
  return many
    ? [
        ...lines,
        line(span(say(language, [` ● 还有 ${rest} 起 — A 查看`, ` ● ${rest} more — A to look`]), 'warn')),
      ]
    : lines
}

/** What must not be overlooked for days: own work on this machine alone, and for a chief who is not heard of. */
/** What must not be overlooked: a clock that is off, own work that lies here for days, for a chief who is not heard of. */
function warningLines(state: State): readonly Line[] {
  const { language, nowMs, timeZone, facts } = state
  if (!facts.truth) return []
  const { onlyHere, aloneSinceMs, unheard, clock } = facts.truth
  const when = (ms: number) => whenText(ms, nowMs, timeZone, language)
  const age = { language, nowMs, when }
  const isLong = aloneSinceMs !== null && nowMs - aloneSinceMs >= DAY_MS
  const alone = isLong ? aloneText({ onlyHere, sinceMs: aloneSinceMs }, age) : null
  const [first, ...more] = unheard
  const others =
    more.length > 0 ? say(language, [` 等 ${unheard.length} 台`, ` and ${more.length} more`]) : ''
  const silent = first ? `${unheardText(first, age, true)}${others}` : null
  const told = (text: string, look: string, sign = '!') =>
    line(
      span(
        ` ${sign} ${cut(text, state.size.columns - 4 - cellsOf(look))}${look}`,
        sign === '!' ? 'warn' : 'quiet',
      ),
    )
  const look = say(language, [' — s 查看', ' — s to look'])
  return [
    ...[clock ? say(language, clockDoubtWords(clock)) : null, alone, silent].flatMap((text) =>
      text === null ? [] : [told(text, look)],
    ),
    ...caseLines(state).map((text) => told(text, say(language, [' — c 查看', ' — c to look']))),
    ...todoLines(state).map((text) => told(text, say(language, [' — i 查看', ' — i to look']))),
    ...newsLines(state).map((text) => told(text, say(language, [' — t 查看', ' — t to look']), '·')),
  ]
}

/** What happened to one's steps of a case, and how many cases press. */
function caseLines({ language, facts }: State): string[] {
  const { notices = [], lateCases = 0, soonCases = 0 } = facts.board ?? {}
  const [first, ...more] = notices
  const others =
    more.length > 0 ? say(language, [` 等 ${notices.length} 件`, ` and ${more.length} more`]) : ''
  const pressing = [
    lateCases > 0 ? say(language, [`案件超时 ${lateCases}`, `cases late ${lateCases}`]) : '',
    soonCases > 0 ? say(language, [`快到时限 ${soonCases}`, `soon late ${soonCases}`]) : '',
  ].filter(Boolean)
  return [
    ...(first ? [`${noticeText(first, language)}${others}`] : []),
    ...(pressing.length > 0 ? [pressing.join(say(language, [',', ', ']))] : []),
  ]
}

/** To be done by today, at no door: the longest overdue is named. */
function todoLines({ language, facts }: State): string[] {
  const todos = facts.board?.todos ?? []
  const [first] = todos
  if (!first) return []
  const late = lateText(first.overdueDays, language)
  return [
    say(language, [
      `要办 ${todos.length}:${first.text}(${late})`,
      `To do, ${todos.length}: ${first.text} (${late})`,
    ]),
  ]
}

/** In the morning, until one has begun oneself: what others did meanwhile. */
function newsLines(state: State): string[] {
  const { language, facts, nowMs, timeZone } = state
  const { news = [], visitedToday = 0 } = facts.board ?? {}
  const [last] = news
  if (!last || visitedToday > 0) return []
  const when = whenText(last.atMs, nowMs, timeZone, language)
  return [
    say(language, [
      `昨晚以来同事记了 ${news.length} 条,最近 ${last.by} ${when}`,
      `Colleagues wrote ${news.length} since last evening, ${last.by} at ${when}`,
    ]),
  ]
}
const DAY_MS = 86_400_000

function emptyBody({ language, facts }: State, scope: 'due' | 'all'): readonly Line[] {
  const words: readonly Words[] =
    scope === 'due' && facts.board!.doors.length > 0
      ? [
          ['今天要访的都访完了。', 'Every visit of today is done.'],
          ['g 看全部住户   / 找一户   s 同步', 'g all doors   / find one   s sync'],
        ]
      : [
          ['这里还没有住户。', 'There are no households here yet.'],
          ['s 和别的机器同步,或用命令导入名册:', 's to sync with another machine, or bring in a register:'],
          ['doorstep import FILE --mapping FILE', 'doorstep import FILE --mapping FILE'],
        ]
  return [blank, ...words.map((one) => line(`   ${say(language, one)}`))]
}

/** Rows are counted for all doors and written for those that are seen: of a community there are thousands. */
function listBody(state: State, doors: readonly DoorRow[], at: number, height: number): readonly Line[] {
  const rows: (number | string)[] = []
  let place = 0
  doors.forEach((door, index) => {
    if (door.stair !== doors[index - 1]?.stair) rows.push(door.stair)
    if (index === at) place = rows.length
    rows.push(index)
  })
  return windowOf(rows, place, height).rows.map((one) =>
    typeof one === 'number'
      ? doorLine(state, doors[one]!, one === at)
      : line(span(` ${one || say(state.language, ['(没有楼栋)', '(no building)'])}`, 'quiet')),
  )
}

/** Widths in cells at 80 columns; what a larger terminal has more goes to the remark. */
const WIDTHS = {
  zh: { room: 7, name: 19, category: 13, due: 12 },
  en: { room: 6, name: 18, category: 18, due: 13 },
} as const

function doorLine(state: State, door: DoorRow, selected: boolean): Line {
  const { language, size } = state
  const remark = remarkOf(state, door)
  const { room, name, due } = WIDTHS[language]
  const left = size.columns - 4 - room - name - due
  // Who stands there, or goes there too, is not cut short for a category, which the door itself shows as well.
  const crowded = door.claims.some(({ double }) => double) || state.facts.presence.has(door.id)
  const category = crowded && door.claims.length > 0 ? 0 : WIDTHS[language].category
  const claim = claimCells(state, door, left - category - LEAST_REMARK)
  const wide = Math.max(claim.length > 0 ? LEAST_REMARK : 10, left - category - (claim[0]?.width ?? 0))
  const shown = row(
    [
      { text: door.room, width: room, tone: 'strong' },
      { text: door.name, width: name },
      ...claim,
      { text: remark.text, width: wide, tone: remark.tone },
      ...(category > 0
        ? [{ text: door.categories[0] ? categoryLabel(door.categories[0], language) : '', width: category }]
        : []),
      { ...dueCell(state, door), width: due },
    ],
    selected,
  )
  return { ...shown, spoken: spokenDoor(state, door, remark.text) }
}

/** A door as a sentence: where and who, what to know, when. */
function spokenDoor({ language }: State, door: DoorRow, remark: string): string {
  const claim = claimWords(door)
  return [
    `${door.door} ${door.name}`,
    claim ? say(language, claim) : '',
    remark,
    door.categories[0] ? categoryLabel(door.categories[0], language) : '',
    door.overdueDays === null ? '' : lateText(door.overdueDays, language),
  ]
    .filter((part) => part !== '')
    .join(say(language, [',', ', ']))
}

/** In cells: what stands beside a claim. */
const LEAST_REMARK = 7

/** Before all else to be known of a door: somebody goes there already. */
function claimCells({ language }: State, door: DoorRow, most: number): readonly Cell[] {
  const words = claimWords(door)
  if (!words) return []
  const text = say(language, words)
  const isDouble = door.claims.some(({ double }) => double)
  return [{ text, width: Math.max(4, Math.min(most, cellsOf(text) + 2)), tone: isDouble ? 'warn' : 'strong' }]
}

function dueCell({ language }: State, door: DoorRow): { text: string; tone: Tone } {
  const { overdueDays } = door
  if (overdueDays === null) return { text: '', tone: 'plain' }
  return {
    text: lateText(overdueDays, language),
    tone: overdueDays > 0 ? 'warn' : overdueDays === 0 ? 'strong' : 'quiet',
  }
}

/** The one thing to know before this door, the most pressing first. */
function remarkOf(state: State, door: DoorRow): { text: string; tone: Tone } {
  const { language, facts } = state
  const said = (words: Words) => say(language, words)
  const draft = facts.drafts.get(door.id)
  if (draft)
    return {
      text: said([`没填完 ${draft.answered}/${draft.of} 题`, `half filled ${draft.answered}/${draft.of}`]),
      tone: 'warn',
    }
  const there = facts.presence.get(door.id)
  if (there !== undefined) return { text: said([`${there} 在门口`, `${there} is there`]), tone: 'warn' }
  if (door.alarm !== null) return { text: `● ${door.alarm}`, tone: 'alarm' }
  const next = door.absence ? say(language, absenceWords(door.absence)) : null
  if (door.today !== null)
    return {
      text: `${said([`今天${outcomeText(door.today, 'zh')}`, `today: ${outcomeText(door.today, 'en')}`])}${next === null || door.today !== 'absent' ? '' : ` · ${next}`}`,
      tone: 'quiet',
    }
  if (door.lateCases > 0)
    return {
      text: said([
        `案件逾期 ${door.lateCases} 件`,
        `${door.lateCases} case${door.lateCases === 1 ? '' : 's'} late`,
      ]),
      tone: 'warn',
    }
  if (door.todo !== null) return { text: said([`要办:${door.todo}`, `To do: ${door.todo}`]), tone: 'warn' }
  if (door.errand !== null)
    return { text: said([`代办:${door.errand}`, `Errand: ${door.errand}`]), tone: 'warn' }
  if (next !== null) return { text: next, tone: 'strong' }
  if (door.promise !== null)
    return { text: said([`答应过:${door.promise}`, `Promised: ${door.promise}`]), tone: 'plain' }
  const mind = [...door.minds.map((one) => mindLabel(one, language)), ...(door.mind ? [door.mind] : [])]
  if (mind.length > 0)
    return { text: said([`当心:${mind.join('、')}`, `Mind: ${mind.join(', ')}`]), tone: 'plain' }
  if (door.attempts > 0)
    return { text: said([`没见到人 ${door.attempts} 次`, `not met ${door.attempts}×`]), tone: 'plain' }
  if (door.openCases > 0)
    return {
      text: said([
        `案件 ${door.openCases} 件未结`,
        `${door.openCases} open case${door.openCases === 1 ? '' : 's'}`,
      ]),
      tone: 'plain',
    }
  if (door.promised) return { text: said(['约好的日子', 'as agreed']), tone: 'quiet' }
  if (door.device !== null) return { text: door.device, tone: 'plain' }
  return { text: [door.policy ?? '', ...door.also].join(said(['、', ', '])), tone: 'quiet' }
}
