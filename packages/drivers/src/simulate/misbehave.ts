/** What real lines and meters do wrong, each as a behaviour that can be given to a simulated meter. */
import { sealFrame } from '../dlt645/frame.ts'
import { joinBytes } from '../incremental-parser.ts'
import type { Behaviour, Emission } from './meter.ts'

const NOISE = Uint8Array.of(0x00, 0x68, 0x33, 0xfe, 0x16, 0xff)
const PREAMBLE = new Uint8Array(4).fill(0xfe)
const ENDING_BYTES = 2
const LENGTH_AT = 9

const joined = (emissions: readonly Emission[]): Uint8Array =>
  joinBytes(emissions.map((emission) => emission.bytes))

/** Changes one byte of the frame behind its preamble. `at` counts from the start byte, negative from the end. */
function spoil(emissions: readonly Emission[], at: number, change: (byte: number) => number): Emission[] {
  const bytes = joined(emissions)
  const index = at < 0 ? bytes.length + at : bytes.indexOf(0x68) + at
  bytes[index] = change(bytes[index]!) & 0xff
  return [{ afterMs: 0, bytes }]
}

export const noiseBefore = (noise: Uint8Array = NOISE): Behaviour => ({
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

export const split = (pieceBytes = 3, gapMs = 20): Behaviour => ({
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
export const echo = (): Behaviour => ({
  name: 'echo',
  send: (emissions, { request }) => [
    { afterMs: 0, bytes: joinBytes([PREAMBLE, request.bytes]) },
    ...emissions,
  ],
})

export const silence = (): Behaviour => ({ name: 'silence', send: () => [] })

export const wrongChecksum = (): Behaviour => ({
  name: 'wrong-checksum',
  send: (emissions) => spoil(emissions, -ENDING_BYTES, (byte) => byte + 1),
})

/** A length that promises more than will ever come. */
export const corruptLength = (): Behaviour => ({
  name: 'corrupt-length',
  send: (emissions) => spoil(emissions, LENGTH_AT, () => 0xc0),
})

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

export const delay = (delayMs: number): Behaviour => ({
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

/** By name, for demonstrations. */
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
}
