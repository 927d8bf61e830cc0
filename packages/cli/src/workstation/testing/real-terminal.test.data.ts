import { fileURLToPath } from 'node:url'
import { type IPty, spawn } from '@lydell/node-pty'
import { Terminal } from '@xterm/headless'
import { SAMPLE_PASSPHRASE } from './sample-home.test.data.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url))
/** Far more than it takes: machines that are busy take their time. */
const DEADLINE_MS = 60_000

/** The real process on a real pseudo-terminal, 80×24, driven by keys alone. */
export class RealTerminal {
  readonly #terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true })
  readonly #pty: IPty
  readonly exit: Promise<{ exitCode: number; signal?: number | undefined }>

  /** Everything the terminal was ever sent. */
  sent = ''

  constructor(home: string, args: readonly string[], given: Readonly<Record<string, string>> = {}) {
    const { DOORSTEP_PASSPHRASE: _, CI: __, ...env } = process.env
    this.#pty = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
      cols: 80,
      rows: 24,
      cwd: ROOT,
      env: { ...env, DOORSTEP_HOME: home, DOORSTEP_LANG: 'zh', TERM: 'xterm-256color', ...given } as Record<
        string,
        string
      >,
    })
    const { promise, resolve } = Promise.withResolvers<{ exitCode: number; signal?: number | undefined }>()
    this.exit = promise
    this.#pty.onExit(resolve)
    this.#pty.onData((data) => {
      this.sent += data
      this.#terminal.write(data)
    })
  }

  /** The screen and everything that could be scrolled back to, of the normal and the alternate screen. */
  everything(): string {
    const { normal, alternate } = this.#terminal.buffer
    return [normal, alternate]
      .flatMap((buffer) =>
        Array.from({ length: buffer.length }, (_, at) => buffer.getLine(at)!.translateToString(true)),
      )
      .join('\n')
  }

  text(): string {
    const { active } = this.#terminal.buffer
    return Array.from({ length: 24 }, (_, at) =>
      active
        .getLine(active.viewportY + at)!
        .translateToString(true)
        .trimEnd(),
    ).join('\n')
  }

  async waitFor(
    condition: string | RegExp | ((text: string) => boolean),
    withinMs = DEADLINE_MS,
  ): Promise<string> {
    const end = Date.now() + withinMs
    for (;;) {
      const text = this.text()
      const met =
        typeof condition === 'string'
          ? text.includes(condition)
          : condition instanceof RegExp
            ? condition.test(text)
            : condition(text)
      if (met) return text
      if (Date.now() > end) throw new Error(`waited for ${String(condition)}; the screen shows:\n${text}`)
      // The program under test needs the processor more.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Presses, and waits until the screen has answered. */
  async press(keys: string): Promise<string> {
    const before = this.text()
    this.#pty.write(keys)
    return this.waitFor((text) => text !== before)
  }

  /** Types, without waiting for anything. */
  type(keys: string): void {
    this.#pty.write(keys)
  }

  async logIn(): Promise<void> {
    await this.waitFor('口令')
    this.#pty.write(`${SAMPLE_PASSPHRASE}\r`)
    await this.waitFor('今天还有')
  }

  kill(): void {
    this.#pty.kill('SIGKILL')
  }
  close(): void {
    this.#pty.kill('SIGKILL')
    this.#terminal.dispose()
  }
}
