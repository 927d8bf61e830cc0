/** What stands on paper, as data: a sheet is a head, and blocks below each other. Sizes are points (1/72 inch). */
import type { Weight } from './fonts.ts'

export type Block =
  | {
      readonly type: 'text'
      readonly text: string
      readonly size: number
      readonly weight?: Weight
      readonly tone?: Tone
      readonly indent?: number
    }
  /** Boxes to tick, beside each other as they fit. */
  | {
      readonly type: 'boxes'
      readonly labels: readonly string[]
      readonly size: number
      readonly indent?: number
      /** Ticked already, by place. */
      readonly ticked?: ReadonlySet<number>
    }
  /** Lines to write on by hand. */
  | { readonly type: 'lines'; readonly count: number; readonly size: number; readonly indent?: number }
  /** A label, and what it is. */
  | {
      readonly type: 'pairs'
      readonly rows: readonly (readonly [label: string, value: string])[]
      readonly size: number
      readonly indent?: number
    }
  /** A bar for each value, of one height together; null is a gap with a dot. Labels stand below, by place. */
  | {
      readonly type: 'bars'
      readonly values: readonly (number | null)[]
      readonly labels: ReadonlyMap<number, string>
      readonly height: number
      readonly size: number
    }
  /** Where the middle half of many lies, the middle of them, and one's own, on a line from nought. */
  | {
      readonly type: 'scale'
      readonly low: number
      readonly middle: number
      readonly high: number
      readonly own: number | null
      /** Below each of the four. */
      readonly texts: Readonly<Record<'low' | 'high' | 'own', string>>
      readonly size: number
    }
  | { readonly type: 'rule' }
  | { readonly type: 'space'; readonly height: number }
  /** Stays together on one page where one page can hold it. */
  | { readonly type: 'group'; readonly blocks: readonly Block[] }

export type Tone = 'ink' | 'quiet'

export type PaperSheet = {
  readonly title: string
  /** Below the title: for whom, where. */
  readonly lead: readonly string[]
  /** Beside the title: what a scanner reads and a person types. */
  readonly code: { readonly qr: string; readonly text: string } | null
  readonly blocks: readonly Block[]
  /** At the foot of each page, before the page's number. */
  readonly foot: string
  /** Of the body, in points. */
  readonly size: number
}

/** Every string of a sheet, by weight: the fonts are cut to these. */
export function* textsOf(sheet: PaperSheet): Generator<readonly [Weight, string]> {
  yield ['strong', sheet.title]
  for (const line of sheet.lead) yield ['plain', line]
  yield ['plain', `${sheet.title}${sheet.foot}${sheet.code?.text ?? ''}`]
  if (sheet.code) yield ['strong', sheet.code.text]
  yield* textsIn(sheet.blocks)
}

function* textsIn(blocks: readonly Block[]): Generator<readonly [Weight, string]> {
  for (const block of blocks)
    if (block.type === 'text') yield [block.weight ?? 'plain', block.text]
    else if (block.type === 'boxes') for (const label of block.labels) yield ['plain', label]
    else if (block.type === 'pairs')
      for (const [label, value] of block.rows) {
        yield ['plain', label]
        yield ['strong', value]
      }
    else if (block.type === 'bars') for (const label of block.labels.values()) yield ['plain', label]
    else if (block.type === 'scale') {
      yield ['plain', `${block.texts.low}${block.texts.high}`]
      yield ['strong', block.texts.own]
    } else if (block.type === 'group') yield* textsIn(block.blocks)
}
