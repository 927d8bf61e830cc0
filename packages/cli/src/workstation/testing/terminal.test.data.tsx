/** @jsxRuntime automatic */
/** A headless terminal around the real Ink output: what a person would see, wide characters counted double. */
import { PassThrough, Writable } from 'node:stream'
import { Terminal } from '@xterm/headless'
import { render } from 'ink'
import type { Desk } from '../desk.ts'
import { Screen } from '../Screen.tsx'

export type TestTerminal = {
  /** A named key, or text as it is typed. */
  press(...keys: readonly string[]): Promise<void>
  /** The rows of the screen as they stand, without trailing spaces. */
  lines(): Promise<readonly string[]>
  /** Rows that ran over the right edge. */
  wrapped(): Promise<readonly string[]>
  waitFor(text: string | RegExp): Promise<void>
  close(): void
}

const SEQUENCES: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  tab: '\t',
  'ctrl-r': '\u0012',
  'ctrl-t': '\u0014',
  backspace: '\u007f',
  'ctrl-u': '\u0015',
  'ctrl-l': '\u000c',
}
const DEADLINE_MS = 60_000

export function openTestTerminal(
  desk: Desk,
  options: { readonly columns: number; readonly rows: number; readonly spoken?: boolean },
): TestTerminal {
  const { columns, rows, spoken = false } = options
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
  const stdout = Object.assign(
    new Writable({ write: (chunk, _encoding, done) => terminal.write(String(chunk), done) }),
    { columns, rows, isTTY: true },
  )
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  })
  const shown = render(<Screen desk={desk} colour={true} />, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: spoken,
  })
  const settled = async () => {
    await shown.waitUntilRenderFlush()
    await new Promise<void>((resolve) => terminal.write('', resolve))
  }
  const buffer = async () => {
    await settled()
    const { active } = terminal.buffer
    return Array.from({ length: rows }, (_, at) => active.getLine(active.viewportY + at)!)
  }
  const lines = async () => (await buffer()).map((one) => one.translateToString(true).trimEnd())
  const waitFor = async (text: string | RegExp): Promise<void> => {
    const end = Date.now() + DEADLINE_MS
    for (;;) {
      const all = (await lines()).join('\n')
      if (typeof text === 'string' ? all.includes(text) : text.test(all)) return
      if (Date.now() > end) throw new Error(`waited for ${text}, the screen shows:\n${all}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  return {
    lines,
    waitFor,
    wrapped: async () =>
      (await buffer()).filter((one) => one.isWrapped).map((one) => one.translateToString(true)),
    async press(...keys) {
      for (const key of keys) {
        const before = desk.state
        stdin.write(SEQUENCES[key] ?? key)
        const end = Date.now() + DEADLINE_MS
        while (desk.state === before && Date.now() < end)
          await new Promise((resolve) => setTimeout(resolve, 2))
        if (desk.state === before)
          throw new Error(`${key} did nothing; the screen shows:\n${(await lines()).join('\n')}`)
      }
      await settled()
    },
    close: () => {
      shown.unmount()
      shown.cleanup()
      terminal.dispose()
    },
  }
}
