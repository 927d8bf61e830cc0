/** Whether this machine's clock can be given to others. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'

/** systemd-timesyncd makes it at the first answer after a start; `/run` is empty before. */
const SYNCHRONIZED = '/run/systemd/timesync/synchronized'

/**
 * Whether the network has set the clock since this machine started: by the file of systemd-timesyncd, or what the
 * kernel was told by any other (chrony, ntpd), as `timedatectl` says. Elsewhere than on Linux nothing is known, and so
 * nothing is offered unless a person vouches (`clock: by-hand`).
 */
export async function isSetByNetwork(file = SYNCHRONIZED, program = 'timedatectl'): Promise<boolean> {
  if (process.platform !== 'linux') return false
  if (existsSync(file)) return true
  return new Promise((resolve) => {
    execFile(program, ['show', '--property=NTPSynchronized', '--value'], { timeout: 5000 }, (error, stdout) =>
      resolve(error === null && stdout.trim() === 'yes'),
    )
  })
}

const LOOK_MS = 60_000

export type OwnClock = {
  readonly isSet: boolean
  /** For whoever asks for the time; null while it is not to be given. */
  offered(): number | null
  stop(): void
}

export type OwnClockOptions = {
  readonly mode: 'auto' | 'by-hand' | 'off'
  readonly now: () => number
  /** When this station last wrote: a clock that says an earlier time is wrong, whoever set it. */
  readonly lastWroteMs: () => number | null
  readonly onChange?: (isSet: boolean) => void
  readonly isSetByNetwork?: () => Promise<boolean>
}

export function watchOwnClock(options: OwnClockOptions): OwnClock {
  const { mode, now, lastWroteMs, onChange, isSetByNetwork: ask = isSetByNetwork } = options
  let isSet = mode === 'by-hand'
  let known: boolean | null = null
  const look = async () => {
    if (mode === 'auto') isSet = await ask()
    if (isSet !== known) onChange?.(isSet)
    known = isSet
  }
  const timer = mode === 'off' ? null : setInterval(() => void look(), LOOK_MS)
  timer?.unref()
  if (mode !== 'off') void look()
  return {
    get isSet() {
      return isSet
    },
    offered() {
      if (mode === 'off' || !isSet) return null
      const at = now()
      return at >= (lastWroteMs() ?? 0) ? at : null
    },
    stop: () => clearInterval(timer ?? undefined),
  }
}
