import stringWidth from 'string-width'

export type Language = 'zh' | 'en'
export type Words = readonly [zh: string, en: string]

/** What the demo says while it runs: to stdout for a person, nowhere when only the report is wanted. */
export class Stage {
  readonly language: Language
  readonly #quiet: boolean
  readonly #colour: boolean
  #act = 0

  constructor(language: Language, quiet: boolean) {
    this.language = language
    this.#quiet = quiet
    this.#colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  }

  words(words: Words): string {
    return words[this.language === 'zh' ? 0 : 1]
  }
  #line(text: string): void {
    if (!this.#quiet) process.stdout.write(`${text}\n`)
  }
  #style(code: number, text: string): string {
    return this.#colour ? `\u001b[${code}m${text}\u001b[0m` : text
  }

  act(words: Words): void {
    this.#act++
    this.#line('')
    this.#line(this.#style(1, `${this.#act}. ${this.words(words)}`))
  }
  say(words: Words): void {
    this.#line(`   ${this.words(words)}`)
  }
  proof(words: Words): void {
    this.#line(`   ${this.#style(32, '✓')} ${this.words(words)}`)
  }
  broken(words: Words): void {
    this.#line(`   ${this.#style(31, '✗')} ${this.words(words)}`)
  }
  table(head: readonly Words[], rows: readonly (readonly string[])[]): void {
    const titles = head.map((words) => this.words(words))
    const widths = titles.map((title, column) =>
      Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => stringWidth(cell))),
    )
    const line = (cells: readonly string[]) =>
      `   ${cells
        .map((cell, column) => cell + ' '.repeat(widths[column]! - stringWidth(cell)))
        .join('  ')
        .trimEnd()}`
    this.#line('')
    this.#line(this.#style(2, line(titles)))
    for (const row of rows) this.#line(line(row))
  }
}
