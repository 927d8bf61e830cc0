import { bytesText, shareText } from './bytes.ts'
import type { Language } from './language.ts'
import { say } from './language.ts'
import { Pace } from './pace.ts'
import type { SyncProgressNow } from './sync-progress.ts'
import { cut } from './table.ts'

/** How often a pipe gets a line, in milliseconds; a terminal's one line is rewritten ten times a second. */
const PIPE_MS = 5000
const TERMINAL_MS = 100

export type ProgressTo = {
  readonly isTTY: boolean
  readonly columns: number
  write(text: string): void
}

const stderr = (): ProgressTo => ({
  isTTY: process.stderr.isTTY === true,
  columns: process.stderr.columns ?? 80,
  write: (text) => void process.stderr.write(text),
})

/** Long work on stderr: one rewritten line on a terminal, a line now and then in a pipe; nothing of what is short. */
export class ProgressLine {
  readonly #to: ProgressTo
  readonly #now: () => number
  #shownAt: number
  #onScreen = false

  constructor(to: ProgressTo = stderr(), now: () => number = Date.now) {
    this.#to = to
    this.#now = now
    this.#shownAt = now()
  }

  show(text: () => string): void {
    const now = this.#now()
    const { isTTY, columns } = this.#to
    if (now - this.#shownAt < (isTTY ? TERMINAL_MS : PIPE_MS)) return
    this.#shownAt = now
    // The last column stays free: a terminal may go on to the next line after it.
    this.#to.write(isTTY ? `\r\u001b[K${cut(text(), columns - 1)}` : `${text()}\n`)
    this.#onScreen = isTTY
  }

  end(): void {
    if (this.#onScreen) this.#to.write('\r\u001b[K')
    this.#onScreen = false
  }
}

/** Progress of work that knows how much there is of it: a check, an import, a file. */
export class Progress {
  readonly #label: string
  readonly #line = new ProgressLine()
  readonly #pace = new Pace()

  constructor(label: string) {
    this.#label = label
  }

  show(done: number, of: number, unit = ''): void {
    const now = Date.now()
    this.#pace.note(done, now)
    this.#line.show(() => {
      const percent = of > 0 ? Math.min(100, Math.floor((done / of) * 100)) : 0
      const rate = this.#pace.perSecond(now)
      return `${this.#label} ${done}/${of}${unit} ${percent}%${rate === null ? '' : ` ${Math.round(rate)}/s`}`
    })
  }

  end(): void {
    this.#line.end()
  }
}

/** `同步  37%  1,234/3,300 条  1.2/3.4 MB  210 KB/s  还要约 12 秒`, within 79 columns. */
export function syncProgressText(progress: SyncProgressNow, language: Language): string {
  const { entries, bytes, percent, bytesPerSecond, blobsLeft } = progress
  const count = (number: number) => number.toLocaleString('en-US')
  return [
    say(language, ['同步', 'Syncing']),
    ...(percent === null ? [] : [`${percent}%`]),
    say(language, [
      `${count(entries.done)}/${count(entries.total)} 条`,
      `${count(entries.done)}/${count(entries.total)} entries`,
    ]),
    shareText(bytes.done, bytes.total),
    ...(blobsLeft > 0 ? [say(language, [`照片 ${count(blobsLeft)} 张`, `${count(blobsLeft)} photos`])] : []),
    ...(bytesPerSecond === null ? [] : [`${bytesText(bytesPerSecond)}/s`]),
    leftText(progress.leftMs, language),
  ].join('  ')
}

/** In steps that a person counts in; a time that cannot be known is said to be unknown. */
export function leftText(leftMs: number | null, language: Language): string {
  if (leftMs === null) return say(language, ['还要多久不知道', 'time left unknown'])
  const seconds = leftMs / 1000
  if (seconds < 5) return say(language, ['快好了', 'almost done'])
  if (seconds < 55) {
    const tens = seconds < 20 ? Math.ceil(seconds / 5) * 5 : Math.ceil(seconds / 10) * 10
    return say(language, [`还要约 ${tens} 秒`, `about ${tens} s left`])
  }
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return say(language, [`还要约 ${minutes} 分钟`, `about ${minutes} min left`])
  const hours = Math.round(minutes / 60)
  return say(language, [`还要约 ${hours} 小时`, `about ${hours} h left`])
}
