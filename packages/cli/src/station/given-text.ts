import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { fail, ok, type Problem, type Result } from '@doorstep/core'

export type GivenProblem = Problem & {
  readonly type: 'file-unreadable' | 'input-taken' | 'answers-not-json'
}

/**
 * Values as they are typed: `@-` stands for standard input and `@FILE` for a file's text, so that a phone number stays
 * out of the shell's history; `@@` begins a text with an at-sign. Standard input gives one value.
 */
export class GivenText {
  #taken = false

  async value(text: string): Promise<Result<string, GivenProblem>> {
    if (!text.startsWith('@')) return ok(text)
    if (text.startsWith('@@')) return ok(text.slice(1))
    const read = await this.file(text.slice(1))
    return read.ok ? ok(read.value.replace(/\r?\n$/, '')) : read
  }

  /** A file by its plain name, `-` being standard input. */
  async file(name: string): Promise<Result<string, GivenProblem>> {
    if (name !== '-') return readText(name, () => readFile(name, 'utf8'))
    if (this.#taken) return fail({ type: 'input-taken' })
    this.#taken = true
    return readText(name, () => textOf(process.stdin))
  }

  /** A JSON object, as answers of a form are. */
  async json(name: string): Promise<Result<Readonly<Record<string, unknown>>, GivenProblem>> {
    const text = await this.file(name)
    if (!text.ok) return text
    const wrong = (detail: string) => fail<GivenProblem>({ type: 'answers-not-json', file: name, detail })
    try {
      const value: unknown = JSON.parse(text.value.replace(/^\ufeff/, ''))
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return ok(value as Readonly<Record<string, unknown>>)
      return wrong('{ … }')
    } catch (error) {
      return wrong(error instanceof SyntaxError ? error.message : String(error))
    }
  }
}

async function readText(file: string, read: () => Promise<string>): Promise<Result<string, GivenProblem>> {
  try {
    return ok(await read())
  } catch (error) {
    return fail({ type: 'file-unreadable', file, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
}
