/** Sheets as one PDF. Everything heavy is loaded on first use: a station that prints nothing does not pay for it. */
import type PDFKit from 'pdfkit'
import encodeQR from 'qr'
import { type PaperSheet, textsOf } from './block.ts'
import { Fonts, type Weight } from './fonts.ts'
import { type Chunk, layOut, type Mark, type Row } from './layout.ts'

/** A4, in points. */
const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 48
const TEXT_WIDTH = PAGE.width - 2 * MARGIN
const FOOT_SIZE = 11
const QR_SIDE = 92
const INK = '#000000'
const QUIET = '#555555'
/** Told apart on a grey printer too. */
const AREAS = { ink: INK, quiet: '#7a7a7a', light: '#e4e4e4' } as const
/** Above every page where the community is one for practice. */
const BANNER_SIZE = 13

export type Rendered = {
  readonly bytes: Uint8Array
  readonly pages: number
  /** Characters that could not be printed; 〓 stands in their place. */
  readonly missing: readonly string[]
}

type Doc = InstanceType<typeof PDFKit>

export async function renderPaper(
  sheets: readonly PaperSheet[],
  { title, banner = null }: { readonly title: string; readonly banner?: string | null },
): Promise<Rendered> {
  const { default: PDFDocument } = await import('pdfkit')
  const doc: Doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    // pdfkit opens Helvetica otherwise, of which nothing is used.
    font: '',
    info: { Title: title, Producer: 'Doorstep' },
  })
  const chunks: Uint8Array[] = []
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => doc.on('end', resolve))
  const texts = new Map<Weight, string[]>([
    ['plain', ['0123456789 / ·']],
    ['strong', [banner ?? '']],
  ])
  for (const sheet of sheets) for (const [weight, text] of textsOf(sheet)) texts.get(weight)!.push(text)
  const fonts = await Fonts.load(doc as never, texts)
  let pages = 0
  for (const sheet of sheets) pages += new Pages(doc, fonts, sheet, banner).draw(pages)
  doc.end()
  await ended
  return { bytes: new Uint8Array(Buffer.concat(chunks)), pages, missing: [...fonts.missing].filter(isSeen) }
}

const isSeen = (character: string): boolean => !/[\s\u200b\ufeff]/u.test(character)

class Pages {
  readonly #doc: Doc
  readonly #fonts: Fonts
  readonly #sheet: PaperSheet
  readonly #banner: string | null
  #y = 0
  #count = 0

  constructor(doc: Doc, fonts: Fonts, sheet: PaperSheet, banner: string | null) {
    this.#doc = doc
    this.#fonts = fonts
    this.#sheet = sheet
    this.#banner = banner
  }

  /** How many pages it took; `from`: those before. */
  draw(from: number): number {
    this.#newPage()
    this.#head()
    for (const chunk of layOut(this.#sheet.blocks, TEXT_WIDTH, this.#fonts)) this.#chunk(chunk)
    for (let page = 0; page < this.#count; page++) {
      this.#doc.switchToPage(from + page)
      this.#foot(`${page + 1} / ${this.#count}`)
    }
    return this.#count
  }

  get #bottom(): number {
    return PAGE.height - MARGIN - FOOT_SIZE * 1.6
  }

  #newPage(): void {
    this.#doc.addPage()
    this.#y = MARGIN
    if (this.#banner !== null) {
      const width = this.#fonts.width(this.#banner, BANNER_SIZE, 'strong')
      this.#text(this.#banner, (PAGE.width - width) / 2, MARGIN - 24, BANNER_SIZE, 'strong', INK)
    }
    if (this.#count++ === 0) return
    const { title, code } = this.#sheet
    this.#text(title, MARGIN, this.#y, FOOT_SIZE, 'plain', QUIET)
    if (code) this.#textRight(code.text, this.#y, FOOT_SIZE)
    this.#y += FOOT_SIZE * 2.2
  }

  #head(): void {
    const { title, lead, code, size } = this.#sheet
    const width = code ? TEXT_WIDTH - QR_SIDE - 24 : TEXT_WIDTH
    const top = this.#y
    const head = layOut(
      [
        { type: 'text', text: title, size: size + 8, weight: 'strong' },
        ...lead.map((text) => ({ type: 'text', text, size }) as const),
      ],
      width,
      this.#fonts,
    )
    for (const { rows } of head) this.#rows(rows)
    if (code) {
      this.#qr(code.qr, PAGE.width - MARGIN - QR_SIDE, top)
      const codeSize = 14
      this.#textRight(code.text, top + QR_SIDE + 4, codeSize, 'strong')
      this.#y = Math.max(this.#y, top + QR_SIDE + 4 + codeSize * 1.5)
    }
    this.#y += 4
    this.#doc
      .moveTo(MARGIN, this.#y)
      .lineTo(PAGE.width - MARGIN, this.#y)
      .lineWidth(1.5)
      .stroke(INK)
    this.#y += 12
  }

  #foot(number: string): void {
    const y = PAGE.height - MARGIN
    this.#text(this.#sheet.foot, MARGIN, y, FOOT_SIZE, 'plain', QUIET)
    this.#textRight(number, y, FOOT_SIZE)
  }

  #chunk({ rows, height }: Chunk): void {
    const whole = this.#bottom - MARGIN - FOOT_SIZE * 2.2
    if (this.#y + height > this.#bottom && height <= whole) this.#newPage()
    this.#rows(rows)
  }

  #rows(rows: readonly Row[]): void {
    for (const { height, marks } of rows) {
      if (this.#y + height > this.#bottom) this.#newPage()
      for (const mark of marks) this.#mark(mark, height)
      this.#y += height
    }
  }

  #mark(mark: Mark, height: number): void {
    const x = MARGIN + mark.x
    const y = this.#y
    if (mark.type === 'text') {
      this.#text(mark.text, x, y, mark.size, mark.weight, mark.tone === 'quiet' ? QUIET : INK)
    } else if (mark.type === 'area') {
      this.#doc.rect(x, y + mark.y, mark.width, mark.height).fill(AREAS[mark.tone])
    } else if (mark.type === 'line') {
      this.#doc
        .moveTo(x, y + mark.y)
        .lineTo(x + mark.width, y + mark.y)
        .lineWidth(mark.bold ? 1 : 0.6)
        .stroke(mark.bold ? INK : QUIET)
    } else {
      const { side, ticked } = mark
      const top = y + (height - side) / 2
      this.#doc.rect(x, top, side, side).lineWidth(1.1).stroke(INK)
      if (ticked)
        this.#doc
          .moveTo(x + side * 0.2, top + side * 0.5)
          .lineTo(x + side * 0.42, top + side * 0.75)
          .lineTo(x + side * 0.82, top + side * 0.22)
          .lineWidth(1.8)
          .stroke(INK)
    }
  }

  #text(text: string, x: number, y: number, size: number, weight: Weight, colour: string): void {
    let at = x
    this.#doc.fillColor(colour)
    for (const run of this.#fonts.runs(text, weight)) {
      this.#doc.font(run.font).fontSize(size).text(run.text, at, y, { lineBreak: false })
      at += this.#doc.widthOfString(run.text)
    }
  }

  #textRight(text: string, y: number, size: number, weight: Weight = 'plain'): void {
    const width = this.#fonts.width(text, size, weight)
    this.#text(text, PAGE.width - MARGIN - width, y, size, weight, weight === 'strong' ? INK : QUIET)
  }

  /** Error correction M: paper is folded and stained. */
  #qr(text: string, x: number, y: number): void {
    const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 1 })
    const side = QR_SIDE / modules.length
    for (const [row, cells] of modules.entries())
      for (const [column, dark] of cells.entries())
        if (dark) this.#doc.rect(x + column * side, y + row * side, side + 0.05, side + 0.05)
    this.#doc.fill(INK)
  }
}
