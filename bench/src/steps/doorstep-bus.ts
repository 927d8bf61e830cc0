import { expectOk } from '@doorstep/core'
import {
  attachMeters,
  type Clock,
  createBus,
  createConstantLoad,
  createManualClock,
  createPoller,
  createPortPair,
  createSimulatedMeter,
  delay,
  openTcpPort,
  type Port,
  type SimulatedDevice,
  serveSimulatedMeters,
  systemClock,
} from '@doorstep/drivers'
import { step, usage } from '../step.ts'

const BAUD = 2400
const BYTE_MS = 11_000 / BAUD
const DAY_MS = 86_400_000

export type BusInput = {
  readonly meters: number
  /** How many of them never answer. */
  readonly dead: number
  /** 'simulated': a clock that moves only when nothing else is left to do. 'real': over TCP, in this machine's time. */
  readonly time: 'simulated' | 'real'
  readonly readings: number
}

export type BusTimes = {
  readonly tookMs: number
  /** Bytes on the wire and the meters' own delays of as many readings; DL/T 645 asks for no pauses. */
  readonly limitMs: number
  readonly readings: number
  readonly retries: number
  readonly cpuMs: number
}

/** Reads until there are so many readings, as fast as the line lets it: every meter is due again as soon as it was read. */
step<BusInput>(async ({ meters, dead, time, readings }): Promise<BusTimes> => {
  const numbers = Array.from({ length: meters }, (_, number) => number)
  const isDead = (number: number) => dead > 0 && number % Math.floor(meters / dead) === 1
  const addressOf = (number: number) => String(number + 1).padStart(12, '0')
  /** 20 ms to 119 ms, as meters take. */
  const delayOf = (number: number) => 20 + ((number * 37) % 100)
  const manual = time === 'simulated' ? createManualClock(0) : null
  const clock: Clock = manual ?? systemClock
  const devices: SimulatedDevice[] = numbers
    .filter((number) => !isDead(number))
    .map((number) =>
      createSimulatedMeter({
        address: addressOf(number),
        clock,
        load: createConstantLoad(0),
        behaviours: [delay(delayOf(number))],
      }),
    )

  let bytesOnWire = 0
  const [port, close] = await lineTo(devices, clock)
  const counted: Port = {
    ...port,
    write(bytes) {
      bytesOnWire += bytes.length
      return port.write(bytes)
    },
  }
  port.onBytes((bytes) => {
    bytesOnWire += bytes.length
  })

  const stop = new AbortController()
  let heard = 0
  let delaysMs = 0
  const bus = createBus(counted, { baud: BAUD })
  const startMs = clock.nowMs()
  let tookMs = 0
  const poller = createPoller({
    bus,
    meters: numbers.map((number) => ({
      protocol: 'dlt645',
      address: addressOf(number),
      items: ['00010000'],
      everyMs: readings > meters ? 1 : DAY_MS,
    })),
    async onHeard([reading]) {
      heard += 1
      delaysMs += delayOf(Number(reading!.address) - 1)
      if (heard < readings) return
      tookMs = clock.nowMs() - startMs
      stop.abort()
    },
  })
  const running = poller.run(stop.signal)
  await (manual ? manual.advanceUntil(running) : running)
  const { retries, asked } = bus.counters
  await bus.close()
  await close()
  // What was asked of dead meters is on the wire, but no reading's.
  const inVain = (asked + retries - heard) * 20
  return {
    tookMs,
    limitMs: (bytesOnWire - inVain) * BYTE_MS + delaysMs,
    readings: heard,
    retries,
    cpuMs: usage().cpuMs,
  }

  async function lineTo(all: readonly SimulatedDevice[], on: Clock): Promise<[Port, () => Promise<void>]> {
    if (manual) {
      const [master, line] = createPortPair(on)
      attachMeters(line, all, { baud: BAUD })
      return [master, async () => {}]
    }
    const served = expectOk(
      await serveSimulatedMeters({ host: '127.0.0.1', port: 0, meters: all, baud: BAUD }),
    )
    return [expectOk(await openTcpPort({ host: '127.0.0.1', port: served.port })), served.close]
  }
})
