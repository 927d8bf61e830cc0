import { codeText } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { wrap } from '../cells.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { NoticeScreen, SheetScreen } from '../screens.ts'
import type { State } from '../state.ts'

/** A sheet whose code was typed or scanned: what it is, and the question that only the paper answers. */
export function sheetView(state: State, screen: SheetScreen): Pane {
  const { language, size } = state
  const said = (words: Words) => say(language, words)
  const { before } = screen
  const warning: Line[] = before
    ? wrap(
        said([
          `! 这张纸 ${before.by} 已经填过(探访日期 ${before.on})。再填一次会多一条记录;Esc 不填`,
          `! ${before.by} typed this sheet in already (as of ${before.on}). Typing it in again adds a record; Esc leaves`,
        ]),
        size.columns - 6,
      ).map((text) => line(span(`   ${text}`, 'warn')))
    : []
  return {
    title: line(' ', span(said(['纸表', 'Sheet']), 'strong'), `  ${codeText(screen.code)}`),
    body: [
      blank,
      line('   ', span(screen.address, 'strong')),
      line(`   ${screen.formTitle}`),
      line(span(said([`   印于 ${screen.printedOn}`, `   printed on ${screen.printedOn}`]), 'quiet')),
      ...(warning.length > 0 ? [blank, ...warning] : []),
      blank,
      {
        ...line(
          said(['   纸上写的是哪天?  ', '   Which day does the sheet say?  ']),
          span(screen.entry, 'typed'),
        ),
        cursor: true,
      },
      screen.badDate
        ? line(
            span(
              said([
                '   ! 看不懂这一天,或还没到。写 11-24,或 0 今天、1 昨天',
                '   ! That is no day, or still to come. 11-24, or 0 for today, 1 for yesterday',
              ]),
              'warn',
            ),
          )
        : line(
            span(said(['   如 11-24;0 今天,1 昨天', '   As 11-24; 0 for today, 1 for yesterday']), 'quiet'),
          ),
      blank,
      line(span(said(['   ↵ 照表填入', '   ↵ type it in']), 'strong')),
    ],
  }
}

const NOTICE_WORDS: readonly Words[] = [
  ['来过,无人应门', 'We called, and nobody was in'],
  ['检查结果(列出未结的隐患)', 'Result of the inspection, with the open hazards'],
  ['上门时间(今天起,手写几点)', 'Appointment (of today; the time by hand)'],
]

export function noticeView(state: State, screen: NoticeScreen): Pane {
  const { language, size } = state
  const said = (words: Words) => say(language, words)
  const row = state.facts.board?.doors.find((one) => one.id === screen.household)
  return {
    title: line(' ', span(said(['门口通知', 'Notice for the door']), 'strong'), `  ${row?.door ?? ''}`),
    body: [
      blank,
      ...NOTICE_WORDS.map((words, at) => line(`   ${at + 1}  ${said(words)}`)),
      blank,
      line(
        span(
          said([
            '   写成 PDF:折起来只看得见门牌,不写是谁家、为什么来。',
            '   Written as a PDF: folded, only the door can be read; it names nobody, and no reason.',
          ]),
          'quiet',
        ),
      ),
      ...(screen.file === null
        ? []
        : [
            blank,
            line(span(said(['   已写好:', '   Written:']), 'good')),
            ...wrap(screen.file, size.columns - 6).map((text) => line(span(`   ${text}`, 'strong'))),
            line(said(['   ↵ 送打印机      Esc 返回', '   ↵ send to the printer      Esc back'])),
          ]),
    ],
  }
}
