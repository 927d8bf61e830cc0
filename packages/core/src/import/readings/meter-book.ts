import type { Projection } from '../../record/project.ts'
import { type Signal, signals } from '../../series/observation.ts'
import { type Calendar, calendarOf } from '../../work/day.ts'
import { mayReadDevice } from '../../work/permission.ts'
import { type RecordSet, textOf } from '../../work/record-set.ts'

/**
 * `unknown-meter`: no device record has this address; `several-devices`: more than one of that kind has;
 * `no-consent`, `device-retired`: as for any other reading by a gateway.
 */
export type NoMeter = 'unknown-meter' | 'several-devices' | 'no-consent' | 'device-retired'
type Found = { readonly device: string } | { readonly reason: NoMeter }
type Meter = {
  readonly device: Projection
  readonly today: NoMeter | null
  readonly days: Map<string, Found>
}

const QUARTER_MS = 900_000

/** Which device a meter's number means, and whether it may be read: on the day of the reading and today. */
export class MeterBook {
  readonly calendar: Calendar
  readonly #set: RecordSet
  readonly #today: string
  readonly #byAddress = new Map<string, Projection[]>()
  readonly #found = new Map<string, Meter | { readonly reason: NoMeter }>()
  /** Days by quarters of an hour, which no zone's midnight cuts. */
  readonly #days = new Map<number, string>()

  constructor(set: RecordSet, nowMs: number) {
    this.#set = set
    this.calendar = calendarOf(set)
    this.#today = this.calendar.dayOf(nowMs)
    for (const device of set.ofType('device')) {
      const address = textOf(device, 'address')
      if (address === null) continue
      const name = withoutZeros(address)
      this.#byAddress.set(name, [...(this.#byAddress.get(name) ?? []), device])
    }
  }

  find(number: string, signal: Signal, atMs: number): Found {
    const name = `${signal}/${number}`
    let meter = this.#found.get(name)
    if (!meter) {
      meter = this.#meter(number, signal)
      this.#found.set(name, meter)
    }
    if ('reason' in meter) return meter
    if (meter.today) return { reason: meter.today }
    const day = this.#dayOf(atMs)
    let found = meter.days.get(day)
    if (!found) {
      const reason = this.#whyNot(meter.device, day)
      found = reason ? { reason } : { device: meter.device.id }
      meter.days.set(day, found)
    }
    return found
  }

  #meter(number: string, signal: Signal): Meter | { reason: NoMeter } {
    const isRegister = signals[signal].form === 'register'
    const fits = (this.#byAddress.get(withoutZeros(number)) ?? []).filter(
      ({ fields: { kind } }) => !isRegister || kind === signal || kind === 'other',
    )
    // Spreadsheets cut zeros off the beginning of a number; where that leaves a choice, none is made.
    const exact = fits.filter((device) => number.startsWith('0') && textOf(device, 'address') === number)
    const all = exact.length > 0 ? exact : fits
    // The one that hung there before keeps its own history.
    const standing = all.filter((device) => this.#whyNot(device, this.#today) !== 'device-retired')
    const [device, other] = standing.length > 0 ? standing : all
    if (!device) return { reason: 'unknown-meter' }
    if (other) return { reason: 'several-devices' }
    return { device, today: this.#whyNot(device, this.#today), days: new Map() }
  }
  #whyNot(device: Projection, day: string): NoMeter | null {
    const may = mayReadDevice(this.#set, device, day)
    return may.ok ? null : may.problem.type
  }
  #dayOf(atMs: number): string {
    const quarter = Math.floor(atMs / QUARTER_MS)
    let day = this.#days.get(quarter)
    if (day === undefined) {
      day = this.calendar.dayOf(atMs)
      this.#days.set(quarter, day)
    }
    return day
  }
}

const withoutZeros = (address: string): string => address.replace(/^0+(?=.)/, '').toLowerCase()
