/** A home's sheet on paper, in large type: for whoever lives there, with or without a telephone. */
import type { HomeSheet } from '@doorstep/core'
import {
  dayWords,
  type SheetFrame,
  type SheetPart,
  sheetParts,
  sheetTitle,
} from '../voice/home-sheet-words.ts'
import type { Language } from '../voice/language.ts'
import { say } from '../voice/language.ts'
import type { Block, PaperSheet } from './block.ts'

export function homeSheetPaper(
  sheet: HomeSheet,
  frame: SheetFrame,
  { size, community }: { readonly size: number; readonly community: string },
): PaperSheet {
  const { language } = frame
  const parts = sheetParts(sheet, frame)
  // A heading stays with what follows it, and a picture is whole; the rest flows, so that no page is left half empty.
  const blocks = parts.flatMap((part, at): Block[] => {
    const drawn = blocksOf(part, size, language)
    if (part.type === 'heading') {
      const next = parts[at + 1]
      const first = next && next.type !== 'heading' ? blocksOf(next, size, language) : []
      return [{ type: 'group', blocks: [{ type: 'space', height: size * 0.6 }, ...drawn, ...first] }]
    }
    if (parts[at - 1]?.type === 'heading') return []
    return [{ type: 'group', blocks: drawn }]
  })
  return {
    title: sheetTitle(language),
    lead: [[sheet.address, sheet.name].filter(Boolean).join('  ')],
    code: null,
    size,
    foot: `${community} · ${say(language, ['印于', 'printed on'])} ${sheet.on}`,
    blocks,
  }
}

function blocksOf(part: SheetPart, size: number, language: Language): Block[] {
  switch (part.type) {
    case 'heading':
      return [{ type: 'text', text: part.text, size: size + 4, weight: 'strong' }, { type: 'rule' }]
    case 'notice':
      return [
        { type: 'text', text: part.text, size, weight: 'strong' },
        { type: 'space', height: size * 0.3 },
      ]
    case 'text':
      return [{ type: 'text', text: part.text, size }]
    case 'quiet':
      return [{ type: 'text', text: part.text, size, tone: 'quiet' }]
    case 'days': {
      const last = part.days.length - 1
      // The first, the last, and the weeks between them that do not run into the last.
      const places = part.days.flatMap((_, at) => (at === last || (at % 10 === 0 && last - at > 5) ? at : []))
      return [
        { type: 'space', height: size * 0.5 },
        {
          type: 'bars',
          values: part.days.map(({ value }) => value),
          labels: new Map(places.map((at) => [at, dayWords(part.days[at]!.on, language)])),
          height: size * 4.5,
          size: size * 0.75,
        },
        { type: 'space', height: size * 0.3 },
      ]
    }
    case 'band': {
      const text = (value: number) => `${value.toLocaleString('en-US')} ${part.unit}`
      return [
        { type: 'space', height: size * 0.4 },
        {
          type: 'scale',
          ...{ low: part.low, middle: part.middle, high: part.high, own: part.own },
          texts: {
            low: text(part.low),
            high: text(part.high),
            own: part.own === null ? '' : say(language, [`您家 ${text(part.own)}`, `You: ${text(part.own)}`]),
          },
          size: size * 0.8,
        },
        { type: 'space', height: size * 0.3 },
      ]
    }
  }
}
