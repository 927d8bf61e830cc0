/** Simulated meters behind a DTU: it dials in, says who it is, sends heartbeats among the bytes, and dials again. */
import type { Clock, Port } from '../contract.ts'
import { systemClock } from '../system-clock.ts'
import { openTcpPort } from '../tcp-port.ts'
import type { SimulatedDevice } from './device.ts'
import { attachMeters, type LineOptions } from './line.ts'

export type DialAsDtu = LineOptions & {
  readonly host: string
  readonly port: number
  readonly meters: readonly SimulatedDevice[]
  /** Said first. */
  readonly registration: Uint8Array
  readonly heartbeat: Uint8Array
  readonly heartbeatMs: number
  /** Before it dials again. Default 3000. */
  readonly redialMs?: number
  readonly onState?: (state: 'connected' | 'lost' | 'refused') => void
}

export type DtuDialling = { close(): Promise<void> }

export function dialAsDtu(options: DialAsDtu, clock: Clock = systemClock): DtuDialling {
  const { host, port, meters, registration, heartbeat, heartbeatMs, redialMs = 3000, onState } = options
  const stop = new AbortController()
  let line: Port | null = null
  let cancel = () => {}

  async function dial(): Promise<void> {
    const opened = await openTcpPort({ host, port, signal: stop.signal }, clock)
    if (stop.signal.aborted) return opened.ok ? opened.value.close() : undefined
    if (!opened.ok) {
      onState?.('refused')
      return again()
    }
    line = opened.value
    onState?.('connected')
    attachMeters(line, meters, options)
    line.onClose(() => {
      line = null
      cancel()
      if (stop.signal.aborted) return
      onState?.('lost')
      again()
    })
    if (registration.length > 0) await line.write(registration)
    beat()
  }
  function again(): void {
    cancel = clock.after(redialMs, () => void dial())
  }
  function beat(): void {
    if (heartbeat.length === 0) return
    cancel = clock.after(heartbeatMs, () => {
      void line?.write(heartbeat)
      beat()
    })
  }
  void dial()
  return {
    async close() {
      stop.abort()
      cancel()
      await line?.close()
    },
  }
}
