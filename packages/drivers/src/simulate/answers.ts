/** How a well-behaved meter answers: its address, its registers, and long answers in several frames. */
import type { ItemValue } from '../contract.ts'
import { READ_ADDRESS, READ_DATA, READ_FOLLOW_UP } from '../dlt645/control.ts'
import { itemIdOf } from '../dlt645/decode.ts'
import { findItem } from '../dlt645/items.ts'
import { parseHex } from '../hex.ts'
import { joinBytes } from '../incremental-parser.ts'
import { encodeValue } from '../value.ts'
import type { Behaviour, Call, Reply } from './meter.ts'
import { dayStart, energyAt, localDateTime, monthStart, tariffsOf } from './register.ts'

const NO_REQUESTED_DATA = 0x02
const CONSTANT_IMPULSES = 1200

type Answer = (call: Call, id: string) => readonly ItemValue[] | null

/** Values of an item in wire order, or null where this meter has no such item. */
const ANSWERS: readonly Answer[] = [energies, instants, clockAndNames, freezes]

function energies({ meter, nowMs }: Call, id: string): readonly ItemValue[] | null {
  const match = /^00(00|01|02)(0[0-4]|FF)(0[0-9A-C])$/.exec(id)
  if (match === null) return null
  const day = Number.parseInt(match[3]!, 16)
  const atMs = day === 0 ? nowMs : monthStart(meter, nowMs, day - 1)
  const registers = match[1] === '02' ? [0, 0, 0, 0, 0] : tariffsOf(meter, energyAt(meter, atMs))
  return match[2] === 'FF' ? registers : [registers[Number.parseInt(match[2]!, 16)]!]
}

/** A single-phase meter: phase A carries everything, B and C do not exist. */
function instants({ meter, nowMs }: Call, id: string): readonly ItemValue[] | null {
  const kilowatts = meter.relayOpen ? 0 : meter.load.kilowattsAt(nowMs)
  const kilovoltAmperes = kilowatts / meter.powerFactor
  const ofPhases = (value: number): Record<string, readonly ItemValue[]> => ({
    '01': [value],
    '02': [null],
    '03': [null],
    FF: [value, null, null],
  })
  const withTotal = (value: number): Record<string, readonly ItemValue[]> => ({
    ...ofPhases(value),
    '00': [value],
    FF: [value, value, null, null],
  })
  const quantities: Record<string, Record<string, readonly ItemValue[]>> = {
    '01': ofPhases(meter.voltageVolts),
    '02': ofPhases((kilovoltAmperes * 1000) / meter.voltageVolts),
    '03': withTotal(kilowatts),
    '05': withTotal(kilovoltAmperes),
    '06': withTotal(meter.powerFactor),
  }
  if (id === '02800002') return [50]
  const match = /^02(..)(..)00$/.exec(id)
  return match === null ? null : (quantities[match[1]!]?.[match[2]!] ?? null)
}

function clockAndNames({ meter, nowMs }: Call, id: string): readonly ItemValue[] | null {
  const { date, time, weekday } = localDateTime(meter, nowMs)
  const table: Record<string, readonly ItemValue[]> = {
    '04000101': [weekday, date],
    '04000102': [time],
    '04000401': [meter.address],
    '04000402': [meter.address],
    '04000409': [CONSTANT_IMPULSES],
    '04000501': [0],
    '04000503': [meter.relayOpen ? 0x10 : 0],
    '03300D00': [0],
  }
  if (id === '00900200') return meter.balanceYuan === null ? null : [meter.balanceYuan]
  return table[id] ?? null
}

/** Daily freezes at local midnight: 1 is the last one. */
function freezes({ meter, nowMs }: Call, id: string): readonly ItemValue[] | null {
  const match = /^0506(00|01|FF)([0-3][0-9A-F])$/.exec(id)
  const ago = match === null ? 0 : Number.parseInt(match[2]!, 16)
  if (match === null || ago < 1 || ago > 62) return null
  const atMs = dayStart(meter, nowMs, ago - 1)
  const { date } = localDateTime(meter, atMs)
  const forward = tariffsOf(meter, energyAt(meter, atMs))
  const frozenAt = `${date}T00:00`
  if (match[1] === '00') return [frozenAt]
  return match[1] === '01' ? forward : [frozenAt, 'AA', ...forward, 'AA', 0, 0, 0, 0, 0]
}

/** The layout of an item depends on how much there is of it, so it is asked with a field of the right size. */
function encodeItem(id: string, values: readonly ItemValue[]): Uint8Array {
  if (id.startsWith('0506FF')) return encodeFreezeBlock(values)
  const item = findItem(id)!
  const one = item.partsOf(new Uint8Array(0))[0]!.format.bytes
  const parts = item.partsOf(new Uint8Array(one * values.length))
  return joinBytes(values.map((value, index) => encodeValue(parts[index]!.format, value)))
}

function encodeFreezeBlock([frozenAt, ...values]: readonly ItemValue[]): Uint8Array {
  const energy = { type: 'number', bytes: 4, decimals: 2 } as const
  return joinBytes([
    encodeValue({ type: 'minute', bytes: 5 }, frozenAt!),
    ...values.map((value) => (value === 'AA' ? Uint8Array.of(0xaa) : encodeValue(energy, value))),
  ])
}

function wholeAnswer(call: Call, id: string): Uint8Array | null {
  const values = ANSWERS.reduce<readonly ItemValue[] | null>(
    (found, answer) => found ?? answer(call, id),
    null,
  )
  return values === null ? null : encodeItem(id, values)
}

const diBytes = (id: string): Uint8Array => {
  const bytes = parseHex(id)
  if (!bytes.ok) throw new Error(`not an identifier: ${id}`)
  return bytes.value.reverse()
}

/** Part 0 travels as 91/B1, part n as 92/B2 with n behind it. */
function answerPart(call: Call, sequence: number): Reply | null {
  const id = itemIdOf(call.request)
  if (id === null) return null
  const [last, more, refused] = sequence === 0 ? ([0x91, 0xb1, 0xd1] as const) : ([0x92, 0xb2, 0xd2] as const)
  const data = wholeAnswer(call, id)
  const from = sequence * call.meter.maxDataBytes
  if (data === null || (sequence > 0 && from >= data.length))
    return { control: refused, data: Uint8Array.of(NO_REQUESTED_DATA) }
  const to = Math.min(data.length, from + call.meter.maxDataBytes)
  const number = sequence === 0 ? new Uint8Array(0) : Uint8Array.of(sequence)
  return {
    control: to < data.length ? more : last,
    data: joinBytes([diBytes(id), data.subarray(from, to), number]),
  }
}

export const METER_ANSWERS: readonly Behaviour[] = [
  {
    name: 'address',
    answer: ({ request, meter }) =>
      request.control === READ_ADDRESS
        ? { control: 0x93, data: encodeValue({ type: 'digits', bytes: 6 }, meter.address) }
        : null,
  },
  { name: 'items', answer: (call) => (call.request.control === READ_DATA ? answerPart(call, 0) : null) },
  {
    name: 'follow-up',
    answer: (call) =>
      call.request.control === READ_FOLLOW_UP ? answerPart(call, call.request.data.at(-1)!) : null,
  },
]
