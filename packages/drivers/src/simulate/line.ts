/**
 * Simulated devices on one line: in this process, or behind a TCP server like a serial converter. Every device hears
 * everything. With a baud rate every byte takes its time on the wire, and bytes of several who speak at once are lost in
 * each other: what arrives is their bitwise AND, as where a zero pulls the line down.
 */
import type { Result } from '@doorstep/core'
import type { Clock, Frame, Parser, Port } from '../contract.ts'
import { BITS_PER_BYTE } from '../line-timing.ts'
import { drivers } from '../registry.gen.ts'
import { systemClock } from '../system-clock.ts'
import { type ListenFailed, listenTcpPorts, type TcpListener } from '../tcp-port.ts'
import type { Emission, SimulatedDevice } from './device.ts'

export type LineOptions = {
  /** 8E1. Left out: bytes take no time. */
  readonly baud?: number
  /** Before a device answers, on top of what its faults add. Default 0. */
  readonly replyDelayMs?: number
  /** The adapter gives back what was sent. */
  readonly echoes?: boolean
}

/** A gap this long ends a frame on the device's side as well, unless its protocol says less. */
const SILENCE_MS = 500
const MASTER = -1
/** Times are sums of fractions: a byte this close to its end has ended. */
const CLOSE_MS = 0.01

type Slot = {
  readonly startMs: number
  readonly endMs: number
  readonly from: number
  byte: number
  isLost: boolean
}

/** Ends with the port. */
export function attachMeters(
  port: Port,
  devices: readonly SimulatedDevice[],
  { baud, replyDelayMs = 0, echoes = false }: LineOptions = {},
): void {
  const { clock } = port
  const byteMs = baud === undefined ? 0 : (BITS_PER_BYTE * 1000) / baud
  const ears = earsFor(devices)
  const waiting = new Set<() => void>()
  const slots: Slot[] = []
  const freeFromMs = new Map<number, number>()
  let endPump = () => {}

  port.onBytes((bytes) => {
    if (byteMs > 0) return put(MASTER, bytes, clock.nowMs())
    if (echoes) void port.write(bytes)
    hear(bytes)
  })
  port.onClose(() => {
    for (const ear of ears) ear.endGap()
    endPump()
    for (const cancel of waiting) cancel()
    waiting.clear()
    slots.splice(0)
  })

  /** Devices understand a frame by the time its last byte is there. */
  function hear(bytes: Uint8Array): void {
    for (const ear of ears) {
      ear.endGap()
      answer(ear, ear.parser.push(bytes).frames)
      if (ear.parser.pendingBytes > 0)
        ear.endGap = clock.after(ear.gapMs, () => answer(ear, ear.parser.flush().frames))
    }
  }

  function answer(ear: Ear, frames: readonly Frame[]): void {
    for (const frame of frames) {
      const all = ear.devices
        .map(({ device, place }) => ({ place, emissions: device.hear(frame) }))
        .filter(({ emissions }) => emissions.length > 0)
      if (byteMs > 0) for (const { place, emissions } of all) speak(place, emissions)
      else say(together(all.map(({ emissions }) => emissions)), 0)
    }
  }

  /** Without time on the wire: what falls due goes out whole. */
  function say(emissions: readonly Emission[], from: number): void {
    const next = emissions[from]
    if (next === undefined) return
    later(next.afterMs + (from === 0 ? replyDelayMs : 0), () => {
      // A port that closed meanwhile has nobody left to hear.
      void port.write(next.bytes).then((sent) => sent.ok && say(emissions, from + 1))
    })
  }

  function speak(place: number, emissions: readonly Emission[]): void {
    let atMs = clock.nowMs() + replyDelayMs
    for (const { afterMs, bytes } of emissions) {
      atMs += afterMs
      put(place, bytes, atMs)
      atMs += bytes.length * byteMs
    }
  }

  function put(from: number, bytes: Uint8Array, wantedMs: number): void {
    const startMs = Math.max(wantedMs, freeFromMs.get(from) ?? wantedMs)
    freeFromMs.set(from, startMs + bytes.length * byteMs)
    bytes.forEach((byte, at) => {
      const begunMs = startMs + at * byteMs
      slots.push({ startMs: begunMs, endMs: begunMs + byteMs, from, byte, isLost: false })
    })
    slots.sort((a, b) => a.endMs - b.endMs)
    pump()
  }

  function pump(): void {
    endPump()
    const first = slots[0]
    if (first) endPump = clock.after(Math.max(0, first.endMs - clock.nowMs()), deliver)
  }

  function deliver(): void {
    const toMaster: number[] = []
    const toDevices: number[] = []
    for (let slot = slots[0]; slot && slot.endMs <= clock.nowMs() + CLOSE_MS; slot = slots[0]) {
      slots.shift()
      if (slot.isLost) continue
      for (const other of slots) {
        if (other.startMs >= slot.endMs - CLOSE_MS || other.from === slot.from || other.isLost) continue
        slot.byte &= other.byte
        other.isLost = true
      }
      if (slot.from !== MASTER || echoes) toMaster.push(slot.byte)
      toDevices.push(slot.byte)
    }
    if (toMaster.length > 0) void port.write(Uint8Array.from(toMaster))
    // Byte by byte: an answer begins after the last byte of its question, not of what came with it.
    for (const byte of toDevices) hear(Uint8Array.of(byte))
    pump()
  }

  function later(delayMs: number, run: () => void): void {
    const cancel = clock.after(delayMs, () => {
      waiting.delete(cancel)
      run()
    })
    waiting.add(cancel)
  }
}

type Ear = {
  readonly parser: Parser<Frame>
  readonly gapMs: number
  endGap: () => void
  readonly devices: readonly { readonly device: SimulatedDevice; readonly place: number }[]
}

/** One parser for all that speak the same: what it hears is the same. */
function earsFor(devices: readonly SimulatedDevice[]): Ear[] {
  const placed = devices.map((device, place) => ({ device, place }))
  return [...new Set(devices.map(({ protocol }) => protocol))].map((protocol) => {
    const driver = drivers.find((one) => one.protocol === protocol)
    if (!driver) throw new RangeError(`no driver for ${protocol}`)
    return {
      parser: driver.createParser(),
      gapMs: driver.gapMs ?? SILENCE_MS,
      endGap: () => {},
      devices: placed.filter(({ device }) => device.protocol === protocol),
    }
  })
}

/** Several who answer at once are heard as one that nobody understands. */
function together(all: readonly (readonly Emission[])[]): readonly Emission[] {
  const [first = [], ...others] = all
  if (others.length === 0) return first
  const length = Math.max(...all.map((one) => one.length))
  return Array.from({ length }, (_, at) => {
    const same = all.flatMap((one) => one[at] ?? [])
    const bytes = new Uint8Array(Math.max(...same.map((one) => one.bytes.length))).fill(0xff)
    for (const one of same)
      one.bytes.forEach((byte, index) => {
        bytes[index]! &= byte
      })
    return { afterMs: Math.min(...same.map(({ afterMs }) => afterMs)), bytes }
  })
}

/**
 * @param options.port 0 takes any free port
 * @returns where it listens; `close` ends open connections too
 */
export async function serveSimulatedMeters(
  {
    host,
    port,
    meters,
    ...line
  }: LineOptions & {
    host: string
    port: number
    meters: readonly SimulatedDevice[]
  },
  clock: Clock = systemClock,
): Promise<Result<TcpListener, ListenFailed>> {
  return listenTcpPorts({ host, port, onPort: (dialled) => attachMeters(dialled, meters, line) }, clock)
}
