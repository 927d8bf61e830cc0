/** Ports over a serial line of this machine: an RS-485 adapter, or an M-Bus or optical head. */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { fail, ok, type Result } from '@doorstep/core'
import type { SerialPort } from 'serialport'
import type { Clock, Port, PortClosed } from './contract.ts'
import { createPortEnds } from './port-ends.ts'
import { systemClock } from './system-clock.ts'

export type SerialOptions = {
  /** `/dev/ttyUSB0`, better `/dev/serial/by-id/…`, which stays when the adapter is plugged in elsewhere; `COM3`. */
  readonly path: string
  readonly baud: number
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
}

/** `serial-missing`: not plugged in. `serial-no-right`: this user may not open it. `serial-busy`: another program has it. */
export type SerialFailed =
  /** `present`: the lines there are. */
  | { readonly type: 'serial-missing'; readonly path: string; readonly present: readonly string[] }
  | { readonly type: 'serial-no-right' | 'serial-busy'; readonly path: string }
  /** A file, a folder, another kind of device. */
  | { readonly type: 'serial-not-a-line'; readonly path: string }
  | { readonly type: 'serial-failed'; readonly path: string; readonly detail: string }
  | { readonly type: 'aborted' }

/** What DL/T 645, CJ/T 188 and M-Bus meters use unless set otherwise. */
export const USUAL_SERIAL = { baud: 2400, parity: 'even', stopBits: 1 } as const

/**
 * Nobody else may have the line open meanwhile. The port ends when the adapter is unplugged: seen at the next byte that
 * goes out or should come in. Open it again with this same function: it answers `serial-missing` until it is back.
 */
export async function openSerialPort(
  { path, baud, parity, stopBits }: SerialOptions,
  { signal, clock = systemClock }: { readonly signal?: AbortSignal; readonly clock?: Clock } = {},
): Promise<Result<Port, SerialFailed>> {
  if (signal?.aborted) return fail({ type: 'aborted' })
  const why = await whyNotReachable(path)
  if (why !== null && why !== 'serial-missing') return fail({ type: why, path })
  // A native module: loaded where a serial line is opened, and by nothing else.
  const { SerialPort } = await import('serialport')
  const missing = async () => {
    // Where the system does not tell of its lines, there are none to name.
    const listed = await SerialPort.list().catch(() => [])
    return fail<SerialFailed>({ type: 'serial-missing', path, present: listed.map((line) => line.path) })
  }
  if (why !== null) return missing()
  const serial = new SerialPort({ path, baudRate: baud, parity, stopBits, dataBits: 8, autoOpen: false })
  const error = await new Promise<Error | null>((resolve) => serial.open(resolve))
  if (error) return isMissing(error) ? missing() : fail(whyNotOpen(path, error))
  if (!signal?.aborted) return ok(serialToPort(serial, clock))
  await new Promise((resolve) => serial.close(resolve))
  return fail({ type: 'aborted' })
}

/** Before the module says it in words that differ between systems. */
async function whyNotReachable(
  path: string,
): Promise<'serial-missing' | 'serial-no-right' | 'serial-not-a-line' | null> {
  if (process.platform === 'win32') return null
  try {
    const found = await stat(path)
    if (!found.isCharacterDevice()) return 'serial-not-a-line'
    await access(path, constants.R_OK | constants.W_OK)
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' ? 'serial-no-right' : 'serial-missing'
  }
}

const isMissing = ({ message }: Error): boolean => /No such file|File not found/i.test(message)

function whyNotOpen(path: string, { message }: Error): SerialFailed {
  if (/lock|busy|in use|Access denied/i.test(message)) return { type: 'serial-busy', path }
  if (/ioctl/i.test(message)) return { type: 'serial-not-a-line', path }
  if (/Permission denied/i.test(message)) return { type: 'serial-no-right', path }
  return { type: 'serial-failed', path, detail: message }
}

function serialToPort(serial: SerialPort, clock: Clock): Port {
  const ends = createPortEnds()
  serial.on('data', (bytes: Buffer) => ends.deliver(Uint8Array.from(bytes)))
  // An error of a line means that it is gone; the module closes it, but not after every error.
  serial.on('error', () => {
    ends.end()
    if (serial.isOpen) serial.close(() => {})
  })
  serial.once('close', () => ends.end())
  return {
    clock,
    onBytes: ends.onBytes,
    onClose: ends.onClose,
    /** Until the last bit is on the wire: only then does an answer become due. */
    write(bytes) {
      if (ends.isClosed) return Promise.resolve(fail<PortClosed>({ type: 'port-closed' }))
      return new Promise((resolve) => {
        const done = (error: Error | null | undefined) =>
          resolve(error ? fail({ type: 'port-closed' }) : ok(undefined))
        serial.write(Buffer.from(bytes), (error) => (error ? done(error) : serial.drain(done)))
      })
    },
    async close() {
      if (serial.isOpen) await new Promise((resolve) => serial.close(resolve))
      ends.end()
    },
  }
}
