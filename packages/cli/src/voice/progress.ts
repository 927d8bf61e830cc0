/** How often a pipe gets a line, in milliseconds; a terminal's one line is rewritten ten times a second. */
const PIPE_MS = 5000
const TERMINAL_MS = 100

/** Progress of long work on stderr: one rewritten line on a terminal, a line now and then in a pipe. */
export class Progress {
  readonly #label: string
  readonly #startedAt = Date.now()
  #shownAt = Date.now()
  #onScreen = false

  constructor(label: string) {
    this.#label = label
  }

  show(done: number, of: number, unit = ''): void {
    const now = Date.now()
    const { stderr } = process
    if (now - this.#shownAt < (stderr.isTTY ? TERMINAL_MS : PIPE_MS)) return
    this.#shownAt = now
    const percent = of > 0 ? Math.min(100, Math.floor((done / of) * 100)) : 0
    const perSecond = Math.round(done / Math.max(0.001, (now - this.#startedAt) / 1000))
    const text = `${this.#label} ${done}/${of}${unit} ${percent}% ${perSecond}/s`
    stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
    this.#onScreen = stderr.isTTY
  }

  end(): void {
    if (this.#onScreen) process.stderr.write('\r\u001b[K')
    this.#onScreen = false
  }
}
