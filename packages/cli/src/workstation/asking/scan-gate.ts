import type { Words } from '../../voice/language.ts'
import { questionsOf } from '../form-place.ts'
import { isTyping, type Press } from '../keys.ts'
import { type State, topOf } from '../state.ts'

/** Nobody types two characters within so many milliseconds; a scanner sends one every two to ten. */
const BURST_MS = 25

/** A form that asks for codes is open, and letters and digits are keys just now. */
export const isAtScanner = (state: State): boolean =>
  topOf(state).type === 'form' &&
  !isTyping(state) &&
  questionsOf(state.facts.form?.places ?? []).some(({ kind }) => kind === 'barcode')

export const notAskedFor = (code: string): Words => [
  `扫到 ${code},这一题不要码。没有改动。`,
  `Scanned ${code}, and no code is asked for here. Nothing was changed.`,
]

export type ScanGateOptions = {
  /** A scanner may be at hand, and letters and digits are keys just now. */
  readonly isGuarded: () => boolean
  readonly press: (press: Press) => void
  /** Something was scanned where no code is asked for. */
  readonly scanned: (code: string) => void
}

/**
 * Keeps a scanner that types from pressing keys: of a form that asks for codes, a character where characters are keys
 * waits a blink; if others follow as fast as no hand types, they are one code, up to its Enter or a pause.
 */
export class ScanGate {
  readonly #options: ScanGateOptions
  #held = ''
  #timer: NodeJS.Timeout | null = null

  constructor(options: ScanGateOptions) {
    this.#options = options
  }

  take(press: Press): void {
    const isText = 'text' in press
    if (this.#timer === null && !(isText && this.#options.isGuarded())) return this.#options.press(press)
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (isText) {
      this.#held += press.text
      this.#timer = setTimeout(() => this.#end(), BURST_MS)
      return
    }
    // The Enter that ends a code belongs to it; any other key came by hand.
    const wasCode = [...this.#held].length > 1
    this.#end()
    if (!(wasCode && press.name === 'enter')) this.#options.press(press)
  }

  #end(): void {
    this.#timer = null
    const held = this.#held
    this.#held = ''
    if ([...held].length > 1) this.#options.scanned(held)
    else if (held !== '') this.#options.press({ text: held })
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
