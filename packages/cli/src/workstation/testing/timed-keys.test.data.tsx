/** @jsxRuntime automatic */
/** The real screen on a terminal that takes frames and shows none: how long a key takes to its frame. For bench/. */
import { PassThrough, Writable } from 'node:stream'
import { openRecordSet, type Station } from '@doorstep/core'
import { render } from 'ink'
import { Desk } from '../desk.ts'
import { DRAWING, Screen } from '../Screen.tsx'

export type TimedKeys = {
  /** From having the station open to the first frame. */
  readonly firstFrameMs: number
  /** From a key to the frame that answers it, each of them; and the processor's time for all of them. */
  readonly keysMs: readonly number[]
  readonly keysCpuMs: number
  readonly households: number
}

const ESC = '\u001b'
const [UP, DOWN] = ['\u001b[A', '\u001b[B']
/** Down the list and up, into a door and out again: every key changes what is shown. */
const ROUND = [DOWN, DOWN, UP, UP, '\r', ESC]
/** A key that is not answered is a fault of the trial, not a slow one. */
const MOST_MS = 20_000

export async function timedKeys(station: Station, count: number): Promise<TimedKeys> {
  let wake = () => {}
  const stdout = Object.assign(
    new Writable({
      write(_chunk, _encoding, done) {
        wake()
        done()
      },
    }),
    { columns: 80, rows: 24, isTTY: true },
  )
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  })
  const startedAt = performance.now()
  const records = openRecordSet(station)
  const size = { columns: 80, rows: 24 }
  const desk = new Desk({ station, records, language: 'zh', size, sync: null, onQuit: () => {}, lock: null })
  const shown = render(<Screen desk={desk} colour={true} />, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    interactive: true,
    ...DRAWING,
    patchConsole: false,
  })
  await shown.waitUntilRenderFlush()
  const firstFrameMs = performance.now() - startedAt
  const keysMs: number[] = []
  const before = process.cpuUsage()
  for (let at = 0; at < count; at++) {
    const key = ROUND[at % ROUND.length]!
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => reject(new Error(`no frame for key ${at}`)), MOST_MS)
    wake = resolve
    const pressedAt = performance.now()
    stdin.write(key)
    await promise
    clearTimeout(late)
    // That an Esc stands alone is known only after a while: its frame is not timed.
    if (key !== ESC) keysMs.push(performance.now() - pressedAt)
    await shown.waitUntilRenderFlush()
  }
  const { user, system } = process.cpuUsage(before)
  const households = [...records.ofType('household')].length
  shown.unmount()
  await desk.close()
  records.close()
  return { firstFrameMs, keysMs, keysCpuMs: (user + system) / 1000, households }
}
