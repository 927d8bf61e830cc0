/** What real lines and meters do wrong, each as a behaviour that can be given to a simulated meter. */
import type { Frame } from '../contract.ts'
import { sealFrame } from '../dlt645/frame.ts'
import { joinBytes } from '../incremental-parser.ts'
import type { Emission, Fault } from './device.ts'
import type { Behaviour } from './meter.ts'

const NOISE = Uint8Array.of(0x00, 0x68, 0x33, 0xfe, 0x16, 0xff)
const PREAMBLE_BYTE = 0xfe
const PREAMBLE = new Uint8Array(4).fill(PREAMBLE_BYTE)
const ENDING_BYTES = 2

/** Frames of M-Bus and Modbus have none. */
const hasPreamble = ({ protocol }: Frame): boolean => protocol === 'dlt645' || protocol === 'cjt188'

const joined = (emissions: readonly Emission[]): Uint8Array =>
  joinBytes(emissions.map((emission) => emission.bytes))

/** Changes one byte of the frame behind its preamble. `at` counts from the first byte, negative from the end. */
function spoil(emissions: readonly Emission[], at: number, change: (byte: number) => number): Emission[] {
  const bytes = joined(emissions)
  const index = at < 0 ? bytes.length + at : bytes.findIndex((byte) => byte !== PREAMBLE_BYTE) + at
  bytes[index] = change(bytes[index]!) & 0xff
  return [{ afterMs: 0, bytes }]
}

export const noiseBefore = (noise: Uint8Array = NOISE): Fault => ({
  name: 'noise-before',
  send: (emissions) => [{ afterMs: 0, bytes: noise }, ...emissions],
})

/** An older answer, of another register, arrives in one piece with the right one. */
export const gluedToLateReply = (): Behaviour => ({
  name: 'glued',
  send: (emissions, { meter }) => {
    const late = sealFrame(meter.address, 0x91, Uint8Array.of(0x00, 0x01, 0x01, 0x02, 0x01, 0x22))
    return [{ afterMs: 0, bytes: joinBytes([late, joined(emissions)]) }]
  },
})

export const split = (pieceBytes = 3, gapMs = 20): Fault => ({
  name: 'split',
  send: (emissions) => {
    const bytes = joined(emissions)
    return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) => ({
      afterMs: index === 0 ? 0 : gapMs,
      bytes: bytes.slice(index * pieceBytes, (index + 1) * pieceBytes),
    }))
  },
})

/** RS-485 adapters give back what was sent, preamble included. */
export const echo = (): Fault => ({
  name: 'echo',
  send: (emissions, { request }) => [
    { afterMs: 0, bytes: hasPreamble(request) ? joinBytes([PREAMBLE, request.bytes]) : request.bytes },
    ...emissions,
  ],
})

export const silence = (): Fault => ({ name: 'silence', send: () => [] })

export const wrongChecksum = (): Fault => ({
  name: 'wrong-checksum',
  send: (emissions) => spoil(emissions, -ENDING_BYTES, (byte) => byte + 1),
})

/** Where the length stands in a frame, by protocol. */
const LENGTH_AT: Readonly<Record<string, number>> = { dlt645: 9, cjt188: 10, mbus: 1, modbus: 2 }

/** A length that promises more than will ever come. */
export const corruptLength = (): Fault => ({
  name: 'corrupt-length',
  send: (emissions, { request }) => spoil(emissions, LENGTH_AT[request.protocol] ?? 1, (byte) => byte + 0x24),
})

/** Somebody else answers a byte later, and neither can be read. */
export const together = (): Fault => ({
  name: 'together',
  send: (emissions) => {
    const bytes = joined(emissions)
    const garbled = bytes.map((byte, at) => byte & (bytes[at - 1] ?? 0xff))
    return emissions.length === 0 ? [] : [{ afterMs: emissions[0]!.afterMs, bytes: garbled }]
  },
})

/** The answer before comes again, in one piece with the right one. */
export const gluedToLast = (): Fault => {
  let last: Uint8Array = new Uint8Array(0)
  return {
    name: 'glued',
    send: (emissions) => {
      const bytes = joined(emissions)
      const glued = joinBytes([last.length > 0 ? last : bytes, bytes])
      last = bytes
      return [{ afterMs: 0, bytes: glued }]
    },
  }
}

/** @param code bits of the error byte; 02 is «no requested data» */
export const refusal = (code = 0x02): Behaviour => ({
  name: 'refusal',
  alter: ({ control }) => ({
    control: (control & 0x1f) === 0x12 ? 0xd2 : (control & 0x1f) === 0x13 ? 0xd3 : 0xd1,
    data: Uint8Array.of(code),
  }),
})

export const vendorByte = (byte = 0x01): Behaviour => ({
  name: 'vendor-byte',
  alter: ({ control, data }) => ({
    control,
    data: control === 0x91 ? joinBytes([data, Uint8Array.of(byte)]) : data,
  }),
})

export const delay = (delayMs: number): Fault => ({
  name: 'delay',
  send: ([first, ...rest]) => (first ? [{ ...first, afterMs: first.afterMs + delayMs }, ...rest] : []),
})

/** Misbehaves `times` times, then no more. */
export function onlyFirst(times: number, behaviour: Behaviour): Behaviour {
  const left = { alter: times, send: times }
  return {
    name: `${behaviour.name}-first-${times}`,
    ...(behaviour.alter && {
      alter: (reply, call) => (left.alter-- > 0 ? behaviour.alter!(reply, call) : reply),
    }),
    ...(behaviour.send && {
      send: (emissions, call) => (left.send-- > 0 ? behaviour.send!(emissions, call) : emissions),
    }),
  }
}

/** By name, for demonstrations; `refusal` and `vendor` are made differently by each kind of device. */
export const MISBEHAVIOURS: Readonly<Record<string, () => Behaviour>> = {
  noise: () => noiseBefore(),
  glued: gluedToLateReply,
  split: () => split(),
  echo,
  silence,
  checksum: wrongChecksum,
  length: corruptLength,
  refusal: () => refusal(),
  vendor: () => vendorByte(),
  delay: () => delay(400),
  together,
}

/** The same for devices that are no DL/T 645-2007 meters. */
export const FAULTS: Readonly<Record<keyof typeof MISBEHAVIOURS, () => Fault>> = {
  noise: () => noiseBefore(),
  glued: gluedToLast,
  split: () => split(),
  echo,
  silence,
  checksum: wrongChecksum,
  length: corruptLength,
  refusal: () => ({ name: 'refusal', refuses: true }),
  vendor: () => ({ name: 'vendor', appends: Uint8Array.of(0x01) }),
  delay: () => delay(400),
  together,
}
