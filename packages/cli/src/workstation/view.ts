import { say, type Words } from '../voice/language.ts'
import { alarmBanner, unseenAlarms } from './alarms.ts'
import { cellsOf } from './cells.ts'
import { bannerWords } from './claims.ts'
import { footOf, moreKeys } from './foot.ts'
import { apart, blank, fitLine, type Line, line, rule, span, textOfLine } from './lines.ts'
import type { Pane } from './pane.ts'
import { unseenDoubles } from './reduce-claim.ts'
import { bodyRows } from './rows.ts'
import { type State, topOf } from './state.ts'
import { truthLine } from './truth.ts'
import { alarmsView, alarmView } from './views/alarm.ts'
import { caseView } from './views/case.ts'
import { chooseFormView } from './views/choose-form.ts'
import { conflictView } from './views/conflict.ts'
import { dayView } from './views/day.ts'
import { diaryView } from './views/diary.ts'
import { dispatchesView, dispatchView } from './views/dispatch.ts'
import { doorView } from './views/door.ts'
import { errandsView, errandView, newErrandView } from './views/errand.ts'
import { formView } from './views/form.ts'
import { helpView } from './views/help.ts'
import { homeSheetView } from './views/home-sheet.ts'
import { leaveView } from './views/leave.ts'
import { casesView, conflictsView, historyView, quarantineView, searchView } from './views/lists.ts'
import { newCaseView } from './views/new-case.ts'
import { overviewView } from './views/overview.ts'
import { noticeView, sheetView } from './views/paper.ts'
import { mergeView, peopleView } from './views/people.ts'
import { photosView } from './views/photos.ts'
import { dropDraftView, quickView } from './views/quick.ts'
import { revealView } from './views/reveal.ts'
import { sweepsView, sweepView } from './views/sweep.ts'
import { syncView } from './views/sync.ts'
import { todayView } from './views/today.ts'
import { visitView } from './views/visit.ts'

export type View = {
  /** Exactly as many as the terminal has rows, none wider than it has columns. */
  readonly lines: readonly Line[]
  /** Drawn over blank lines from `y` on, as many as `rows`. */
  readonly picture: {
    readonly record: string
    readonly alt: string
    readonly y: number
    readonly rows: number
  } | null
  readonly cursor: { readonly x: number; readonly y: number } | null
}

const SMALLEST = { columns: 40, rows: 10 }

export function viewOf(state: State): View {
  const { columns, rows } = state.size
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tooSmall(state)
  const { title, right, body, scroll, picture } = paneOf(state)
  const height = bodyRows(rows)
  const head = [headLine(state), apart(title, right ?? blank, columns), rule(columns)]
  const foot = [noticeLine(state), footOf(state)]
  const shown = scroll === undefined ? body.slice(0, height) : scrolled(body, scroll, height, state)
  const filled = [...shown, ...Array.from({ length: height - shown.length }, () => blank)]
  const lines = [...head, ...filled, ...foot].map((one) => fitLine(one, columns))
  const y = lines.findIndex((one) => one.cursor)
  return {
    lines,
    picture: picture ? { ...picture, y: head.length, rows: height } : null,
    cursor: y < 0 ? null : { x: Math.min(columns - 1, cellsOf(textOfLine(lines[y]!))), y },
  }
}

function paneOf(state: State): Pane {
  const screen = topOf(state)
  switch (screen.type) {
    case 'today':
      return todayView(state, screen)
    case 'search':
      return searchView(state, screen)
    case 'door':
      return doorView(state, screen)
    case 'form':
      return formView(state, screen)
    case 'choose-form':
      return chooseFormView(state, screen)
    case 'quick':
      return quickView(state, screen)
    case 'drop-draft':
      return dropDraftView(state, screen)
    case 'new-case':
      return newCaseView(state, screen)
    case 'cases':
      return casesView(state, screen)
    case 'case':
      return caseView(state, screen)
    case 'dispatches':
      return dispatchesView(state, screen)
    case 'dispatch':
      return dispatchView(state, screen)
    case 'conflicts':
      return conflictsView(state, screen)
    case 'conflict':
      return conflictView(state, screen)
    case 'reveal':
      return revealView(state, screen)
    case 'photos':
      return photosView(state, screen)
    case 'alarms':
      return alarmsView(state, screen)
    case 'alarm':
      return alarmView(state, screen)
    case 'leave':
      return leaveView(state, screen)
    case 'errands':
      return errandsView(state, screen)
    case 'errand':
      return errandView(state, screen)
    case 'new-errand':
      return newErrandView(state, screen)
    case 'sheet':
      return sheetView(state, screen)
    case 'notice':
      return noticeView(state, screen)
    case 'quarantine':
      return quarantineView(state, screen)
    case 'diary':
      return diaryView(state, screen)
    case 'people':
      return peopleView(state, screen)
    case 'merge':
      return mergeView(state, screen)
    case 'day':
      return dayView(state, screen)
    case 'meters':
      return homeSheetView(state, screen)
    case 'overview':
      return overviewView(state, screen)
    case 'sync':
      return syncView(state, screen)
    case 'history':
      return historyView(state, screen)
    case 'sweeps':
      return sweepsView(state, screen)
    case 'sweep':
      return sweepView(state, screen)
    case 'visit':
      return visitView(state, screen)
    case 'help':
      return helpView(state, screen)
  }
}

/** Where I am, as whom, and the truth about sync. */
function headLine(state: State): Line {
  const name = say(state.language, ['敲门', 'Doorstep'])
  const { grids, member, practice } = state.who
  return apart(
    line(
      ...(practice ? [span(' 练习 PRACTICE ', 'warn')] : []),
      span(` ${name}`, 'strong'),
      `  ${grids} · ${member}`,
    ),
    truthLine(state),
    state.size.columns,
  )
}

/** What was just done, and beside it what happened elsewhere and was not seen yet, else more keys. */
function noticeLine(state: State): Line {
  const { columns } = state.size
  const said = saidLine(state)
  const taken = cellsOf(textOfLine(said))
  const alarms = unseenAlarms(state)
  if (alarms.length > 0) {
    const words = say(state.language, alarmBanner(alarms, taken > 0, state.language))
    const banner = line(span(`! ${words} `, 'alarm'))
    const left = taken > 0 ? said : moreKeys(state, columns - cellsOf(textOfLine(banner)) - 2)
    return { ...apart(left, banner, columns), announced: true, spoken: `${words} ${said.spoken ?? ''}` }
  }
  const unseen = unseenDoubles(state)
  if (unseen.length > 0) {
    const words = say(state.language, bannerWords(unseen, state.notice !== null))
    const banner = line(span(`! ${words} `, 'warn'))
    const left = taken > 0 ? said : moreKeys(state, columns - cellsOf(textOfLine(banner)) - 2)
    return taken > 0
      ? { ...apart(left, banner, columns), announced: true, spoken: `${said.spoken ?? ''} ${words}` }
      : apart(left, banner, columns)
  }
  if (taken === 0) return moreKeys(state, columns)
  const more = moreKeys(state, columns - taken - 2)
  return more.spans.length === 0
    ? said
    : { ...apart(said, more, columns), announced: true, spoken: said.spoken ?? textOfLine(said) }
}

function saidLine(state: State): Line {
  if (state.busy) return line(span(` ${say(state.language, state.busy)}…`, 'quiet'))
  const { notice } = state
  if (!notice) return blank
  const sign = { good: '✓', warn: '!', quiet: '·' }[notice.tone]
  const words = say(state.language, notice.words)
  return { ...line(span(` ${sign} ${words}`, notice.tone)), announced: true, spoken: words }
}

function scrolled(body: readonly Line[], scroll: number, height: number, state: State): readonly Line[] {
  if (body.length <= height) return body
  const from = Math.min(scroll, body.length - height)
  const below = body.length - height - from
  if (below === 0) return body.slice(from, from + height)
  const more: Words = [`   ↓ 下面还有 ${below + 1} 行`, `   ↓ ${below + 1} more lines`]
  return [...body.slice(from, from + height - 1), line(span(say(state.language, more), 'quiet'))]
}

function tooSmall(state: State): View {
  const { columns, rows } = state.size
  const words: Words = ['窗口太小,请拉大到 80×24', 'Window too small: 80×24, please']
  const lines = [
    line(say(state.language, words)),
    ...Array.from({ length: Math.max(0, rows - 1) }, () => blank),
  ]
  return { lines: lines.slice(0, rows).map((one) => fitLine(one, columns)), picture: null, cursor: null }
}
