/**
 * The typeface of everything printed: Noto Sans SC, one variable file for each of some hundred ranges of characters.
 * Of each range only the characters that are needed go into the PDF, at a fixed weight: a sheet is some 100 KB.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type Weight = 'plain' | 'strong'

const WEIGHTS: Readonly<Record<Weight, number>> = { plain: 400, strong: 700 }
/** Stands for a character that the typeface lacks (a rare one in a name, say): the printer's mark for that. */
export const GETA = '〓'

/** What pdfkit needs of a document to measure and draw with a font. */
type Fontbook = {
  registerFont(name: string, source: Uint8Array): unknown
  font(name: string): Fontbook
  fontSize(size: number): Fontbook
  widthOfString(text: string): number
}

export type Run = { readonly font: string; readonly text: string }

let ranges: ReadonlyMap<number, string> | undefined
const folder = (): string =>
  dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/package.json'))

/** Which file has a character. */
function rangeOf(character: string): string | undefined {
  ranges ??= readRanges()
  return ranges.get(character.codePointAt(0)!)
}

function readRanges(): ReadonlyMap<number, string> {
  const read = new Map<number, string>()
  const unicode = JSON.parse(readFileSync(join(folder(), 'unicode.json'), 'utf8')) as Record<string, string>
  for (const [name, list] of Object.entries(unicode))
    for (const range of list.split(',')) {
      const [from = 0, to = from] = range
        .replace('U+', '')
        .split('-')
        .map((hex) => Number.parseInt(hex, 16))
      for (let at = from; at <= to; at++) if (!read.has(at)) read.set(at, name.replaceAll(/[[\]]/g, ''))
    }
  return read
}

/** Measures and cuts text for a document whose characters are all known. */
export class Fonts {
  readonly #doc: Fontbook
  readonly #has: ReadonlyMap<string, string>
  readonly #widths = new Map<string, number>()
  /** Characters that nothing here can print. */
  readonly missing: ReadonlySet<string>

  private constructor(doc: Fontbook, has: ReadonlyMap<string, string>, missing: ReadonlySet<string>) {
    this.#doc = doc
    this.#has = has
    this.missing = missing
  }

  /** `texts`: all that will be drawn, by weight. */
  static async load(doc: Fontbook, texts: ReadonlyMap<Weight, Iterable<string>>): Promise<Fonts> {
    const { default: subsetFont } = await import('subset-font')
    const has = new Map<string, string>()
    const missing = new Set<string>()
    for (const [weight, given] of texts) {
      const needed = new Map<string, Set<string>>()
      for (const character of new Set([...[...given].join(''), GETA])) {
        const range = rangeOf(character)
        if (range === undefined) missing.add(character)
        else needed.set(range, (needed.get(range) ?? new Set()).add(character))
      }
      for (const [range, characters] of needed) {
        const file = readFileSync(join(folder(), 'files', `noto-sans-sc-${range}-wght-normal.woff2`))
        const font = await subsetFont(file, [...characters].join(''), {
          targetFormat: 'truetype',
          variationAxes: { wght: WEIGHTS[weight] },
        })
        const inside = charactersIn(font)
        const name = `${range}/${weight}`
        if (inside.size > 0) doc.registerFont(name, font)
        for (const character of characters)
          if (inside.has(character.codePointAt(0)!)) has.set(`${weight}${character}`, name)
          else missing.add(character)
      }
    }
    return new Fonts(doc, has, missing)
  }

  #fontOf(character: string, weight: Weight): string | undefined {
    return this.#has.get(weight + character)
  }

  /** In points, at that size. */
  width(text: string, size: number, weight: Weight): number {
    let width = 0
    for (const character of text) {
      const key = weight + character
      let one = this.#widths.get(key)
      if (one === undefined) {
        const font = this.#fontOf(character, weight)
        one = this.#doc
          .font(font ?? this.#has.get(weight + GETA)!)
          .fontSize(1000)
          .widthOfString(font ? character : GETA)
        this.#widths.set(key, one)
      }
      width += one
    }
    return (width * size) / 1000
  }

  /** Neighbours from one file are drawn at once. */
  runs(text: string, weight: Weight): Run[] {
    const runs: { font: string; text: string }[] = []
    for (const character of text) {
      const found = this.#fontOf(character, weight)
      const font = found ?? this.#has.get(weight + GETA)!
      const drawn = found ? character : GETA
      const last = runs.at(-1)
      if (last?.font === font) last.text += drawn
      else runs.push({ font, text: drawn })
    }
    return runs
  }
}

/** Code points of a font file, from its `cmap` table of format 4 or 12 (OpenType). */
function charactersIn(font: Uint8Array): ReadonlySet<number> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  const found = new Set<number>()
  const tables = view.getUint16(4)
  for (let at = 0; at < tables; at++) {
    const entry = 12 + 16 * at
    if (view.getUint32(entry) !== CMAP) continue
    const cmap = view.getUint32(entry + 8)
    for (let sub = 0; sub < view.getUint16(cmap + 2); sub++)
      readSubtable(view, cmap + view.getUint32(cmap + 8 + 8 * sub), found)
  }
  return found
}
const CMAP = 0x636d6170

function readSubtable(view: DataView, at: number, found: Set<number>): void {
  const format = view.getUint16(at)
  if (format === 12)
    for (let group = 0; group < view.getUint32(at + 12); group++) {
      const [from, to] = [view.getUint32(at + 16 + 12 * group), view.getUint32(at + 20 + 12 * group)]
      for (let point = from; point <= to; point++) found.add(point)
    }
  if (format !== 4) return
  const segments = view.getUint16(at + 6) / 2
  for (let segment = 0; segment < segments; segment++) {
    const to = view.getUint16(at + 14 + 2 * segment)
    const from = view.getUint16(at + 16 + 2 * (segments + segment))
    for (let point = from; point <= to && point !== 0xffff; point++) found.add(point)
  }
}
