/** @jsxRuntime automatic */
import { openRecordSet, type Station } from '@doorstep/core'
import { render } from 'ink'
import type { Language } from '../voice/language.ts'
import { Desk } from './desk.ts'
import { Screen } from './Screen.tsx'
import type { SyncOptions } from './sync-desk.ts'

export type RunOptions = {
  readonly language: Language
  readonly sync: SyncOptions | null
  /** Plain lines for a screen reader instead of a screen. */
  readonly spoken: boolean
  readonly onFirstFrame?: () => void
}

/** Shows the workstation until somebody leaves it. Everything is on disk at every moment: leaving needs no question. */
export async function runWorkstation(station: Station, options: RunOptions): Promise<void> {
  const { stdout } = process
  const records = openRecordSet(station)
  const left = Promise.withResolvers<void>()
  const desk = new Desk({
    station,
    records,
    language: options.language,
    size: { columns: stdout.columns || 80, rows: stdout.rows || 24 },
    sync: options.sync,
    onQuit: () => left.resolve(),
  })
  const shown = render(<Screen desk={desk} colour={!process.env.NO_COLOR} />, {
    alternateScreen: !options.spoken,
    incrementalRendering: true,
    exitOnCtrlC: false,
    isScreenReaderEnabled: options.spoken,
    onRender: once(() => options.onFirstFrame?.()),
  })
  const leave = () => left.resolve()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave)
  // The window was closed, the connection cut: nobody is left to draw for.
  stdout.on('error', leave)
  await shown.waitUntilRenderFlush()
  desk.start()
  try {
    await Promise.race([left.promise, shown.waitUntilExit()])
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, leave)
    shown.unmount()
    await desk.close()
    records.close()
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (!done) work()
    done = true
  }
}
