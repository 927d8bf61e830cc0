import { partLines } from '../../voice/home-sheet-text.ts'
import { sheetTitle } from '../../voice/home-sheet-words.ts'
import { say } from '../../voice/language.ts'
import { wrap } from '../cells.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { MetersScreen } from '../screens.ts'
import type { State } from '../state.ts'

/** What one shows whoever opens: their water, power and gas, to be read together; `w` prints it. */
export function homeSheetView(state: State, screen: MetersScreen): Pane {
  const { language, facts, size } = state
  const { meters } = facts
  const title = line(' ', span(sheetTitle(language), 'strong'), `  ${meters?.door ?? ''}`)
  if (meters?.household !== screen.household) return { title, body: [] }
  const look = { columns: size.columns - 1, spoken: false }
  return {
    title,
    body: [
      ...writtenLines(state, screen),
      ...meters.parts.flatMap((part): Line[] => {
        const tone = part.type === 'notice' ? 'warn' : part.type === 'quiet' ? 'quiet' : 'plain'
        const told = partLines(part, language, look)
        if (part.type === 'heading')
          return [blank, { ...line(span(told[1] ?? '', 'strong')), spoken: part.text }]
        if (part.type !== 'days' && part.type !== 'band') return told.map((text) => line(span(text, tone)))
        // Read aloud the weeks alone: bars would be noise, and the band was said in words.
        const [spoken = ''] = partLines(part, language, { ...look, spoken: true })
        return told.map((text, at) =>
          at === 0 && spoken !== '' ? { ...line(text), spoken } : { ...line(text), decoration: true },
        )
      }),
    ],
    scroll: screen.scroll,
  }
}

function writtenLines({ language, size }: State, { file }: MetersScreen): Line[] {
  if (file === null) return []
  return [
    line(span(say(language, ['   已写好:', '   Written:']), 'good')),
    ...wrap(file, size.columns - 6).map((text) => line(span(`   ${text}`, 'strong'))),
    line(say(language, ['   ↵ 送打印机', '   ↵ send to the printer'])),
  ]
}
