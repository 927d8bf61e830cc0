/** @jsxRuntime automatic */
import { closeAndWipe, openRecordSet, type Station } from '@doorstep/core'
import { render } from 'ink'
import type { Language } from '../voice/language.ts'
import { Desk } from './desk.ts'
import { keepPlace, type Place, takePlace } from './place.ts'
import { DRAWING, Screen } from './Screen.tsx'
import type { SyncOptions } from './sync-desk.ts'

export type RunOptions = {
  readonly language: Language
  readonly sync: SyncOptions | null
  /** Plain lines for a screen reader instead of a screen. */
  readonly spoken: boolean
  readonly lock: {
    /** Nobody presses a key for so long; 0 is never. In milliseconds. */
    readonly afterMs: number
    /** Asks for the passphrase on a cleared screen; null when nobody wants to go on. */
    readonly open: (language: Language) => Promise<Station | null>
  } | null
  readonly onFirstFrame?: () => void
}

/** Nobody else refers to the open station, so that locking can let go of it. */
export type Held = { station: Station | null }

/**
 * Shows the workstation until somebody leaves it. Everything is on disk at every moment: leaving needs no question.
 * Locked, it clears the screen, closes the station and lets go of its keys; the passphrase opens it where it was.
 */
export async function runWorkstation(held: Held, options: RunOptions): Promise<void> {
  let { language } = options
  while (held.station) {
    // A process that was killed while it was locked left its place in the home.
    const place = takePlace(held.station)
    const end = await sit(held.station, { ...options, language }, place)
    if (end.why === 'left') return
    language = end.language
    await closeAndWipe(held.station)
    held.station = null
    held.station = (await options.lock?.open(language)) ?? null
  }
}

type End = { readonly why: 'left' | 'locked'; readonly language: Language }

async function sit(station: Station, options: RunOptions, place: Place | undefined): Promise<End> {
  const { stdout } = process
  const records = openRecordSet(station)
  const ended = Promise.withResolvers<End['why']>()
  const { lock } = options
  const desk = new Desk({
    station,
    records,
    language: options.language,
    size: { columns: stdout.columns || 80, rows: stdout.rows || 24 },
    sync: options.sync,
    onQuit: () => ended.resolve('left'),
    onAlarm: () => stdout.write(BELL),
    lock: lock && { afterMs: lock.afterMs, onLock: () => ended.resolve('locked') },
    place,
  })
  const shown = render(<Screen desk={desk} colour={!process.env.NO_COLOR} />, {
    alternateScreen: !options.spoken,
    ...DRAWING,
    isScreenReaderEnabled: options.spoken,
    onRender: once(() => options.onFirstFrame?.()),
  })
  const leave = () => ended.resolve('left')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave)
  // The window was closed, the connection cut: nobody is left to draw for.
  stdout.on('error', leave)
  await shown.waitUntilRenderFlush()
  desk.start()
  let why: End['why'] = 'left'
  try {
    why = await Promise.race([ended.promise, shown.waitUntilExit().then(() => 'left' as const)])
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, leave)
    stdout.off('error', leave)
    if (why === 'locked') stdout.write(CLEAR)
    shown.unmount()
    if (why === 'locked') stdout.write(CLEAR)
    await desk.close()
    if (why === 'locked') keepPlace(station, desk.place())
    records.close()
  }
  return { why, language: desk.state.language }
}

const BELL = '\u0007'
/** The screen and what the terminal kept of lines that scrolled off it. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J'

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (!done) work()
    done = true
  }
}
