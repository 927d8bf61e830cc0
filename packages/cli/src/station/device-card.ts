import {
  addDays,
  daysHeard,
  monthsInUse,
  normsOf,
  type Projection,
  predecessorsOf,
  type RecordSet,
  textOf,
  type Value,
} from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { type DeviceJson, deviceJson } from './devices.ts'

export type DeviceCard = DeviceJson & {
  readonly fields: Readonly<Record<string, Value>>
  readonly monthsInUse: number | null
  /** Of the last 30 days, today left out, how many have a word from it. */
  readonly daysHeard: number
  /** What hung in its place before, the newest first. */
  readonly before: readonly {
    readonly id: string
    readonly retiredOn: string | null
    readonly lastRegister: number | null
  }[]
  readonly erased: readonly { readonly on: string; readonly observations: number }[]
}

const DAYS = 30

export function deviceCard(set: RecordSet, device: Projection, on: string, language: Language): DeviceCard {
  const { dwelling: _, movedTo: __, ...fields } = device.fields
  return {
    ...deviceJson(set, device, { language, on, norms: normsOf(set) }),
    fields,
    monthsInUse: monthsInUse(device, on),
    daysHeard: daysHeard(device, addDays(on, -DAYS), addDays(on, -1)).length,
    before: predecessorsOf(set, device)
      .slice(1)
      .map((one) => ({
        id: one.id,
        retiredOn: textOf(one, 'retiredOn'),
        lastRegister: typeof one.fields.lastRegister === 'number' ? one.fields.lastRegister : null,
      })),
    erased: (device.timelines.erased ?? []).flatMap(({ value }) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { on: String(value.on ?? ''), observations: Number(value.observations ?? 0) }
        : [],
    ),
  }
}
