/** Simulated meters on a line: in this process, or behind a TCP server like a serial converter. */
import type { Result } from '@doorstep/core'
import type { Clock, Port } from '../contract.ts'
import { driver } from '../protocols/dlt645.ts'
import { systemClock } from '../system-clock.ts'
import { type ListenFailed, listenTcpPorts, type TcpListener } from '../tcp-port.ts'
import type { Emission, SimulatedMeter } from './meter.ts'

/** A gap this long ends a frame on the meter's side as well. */
const SILENCE_MS = 500

/** Every meter hears everything; what they say goes out in the order it falls due. Ends with the port. */
export function attachMeters(port: Port, meters: readonly SimulatedMeter[]): void {
  const parser = driver.createParser()
  const waiting = new Set<() => void>()
  let endSilence = () => {}

  port.onBytes((bytes) => {
    endSilence()
    hear(parser.push(bytes).frames)
    endSilence =
      parser.pendingBytes > 0 ? port.clock.after(SILENCE_MS, () => hear(parser.flush().frames)) : () => {}
  })
  port.onClose(() => {
    endSilence()
    for (const cancel of waiting) cancel()
    waiting.clear()
  })

  function hear(frames: ReturnType<typeof parser.push>['frames']): void {
    for (const frame of frames) for (const meter of meters) say(meter.hear(frame), 0)
  }

  function say(emissions: readonly Emission[], from: number): void {
    const next = emissions[from]
    if (next === undefined) return
    const speak = () => {
      waiting.delete(cancel)
      // A port that closed meanwhile has nobody left to hear.
      void port.write(next.bytes).then((sent) => sent.ok && say(emissions, from + 1))
    }
    const cancel = port.clock.after(next.afterMs, speak)
    waiting.add(cancel)
  }
}

/**
 * @param options.port 0 takes any free port
 * @returns where it listens; `close` ends open connections too
 */
export async function serveSimulatedMeters(
  { host, port, meters }: { host: string; port: number; meters: readonly SimulatedMeter[] },
  clock: Clock = systemClock,
): Promise<Result<TcpListener, ListenFailed>> {
  return listenTcpPorts({ host, port, onPort: (line) => attachMeters(line, meters) }, clock)
}
