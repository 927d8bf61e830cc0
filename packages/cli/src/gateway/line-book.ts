/**
 * Which meters are asked on which line. A device record says an address and no line, for whoever registers it stands in
 * a kitchen: so an unknown one is asked for on every line now and then, and where it answered it is asked from then on.
 * An address that other lines may have too is asked for where its record says, or where there is one line alone.
 */
import type { Projection } from '@doorstep/core'
import { isOfItsLine, type PolledMeter, readingPlans, splitAddress } from '@doorstep/drivers'

/** How a meter that no line knows is looked for. */
const LOOK_EVERY_MS = 3_600_000
/** A meter that was silent for so long on its line may have been moved to another. */
const FORGET_MS = 3 * 86_400_000

/** Which line, and when it answered there last, by protocol and address. */
export type LineEntry = readonly [key: string, line: string, heardMs: number]

const isEntry = (value: unknown): value is LineEntry =>
  Array.isArray(value) &&
  value.length === 3 &&
  typeof value[0] === 'string' &&
  typeof value[1] === 'string' &&
  Number.isFinite(value[2])

export class LineBook {
  readonly #now: () => number
  readonly #at = new Map<string, { line: string; heardMs: number }>()

  /** `known`: what was kept of `entries`; what is none of them is left out, and looked for again. */
  constructor(now: () => number, known: unknown = []) {
    this.#now = now
    for (const [key, line, heardMs] of Array.isArray(known) ? known.filter(isEntry) : [])
      this.#at.set(key, { line, heardMs })
  }

  /** @returns whether it was not known to be there: from now on it is asked there, and nowhere else */
  heard(line: string, protocol: string, address: string): boolean {
    const key = keyOf(protocol, address)
    const isNew = this.#at.get(key)?.line !== line
    this.#at.set(key, { line, heardMs: this.#now() })
    return isNew
  }
  /** To be kept for the next start. */
  entries(): readonly LineEntry[] {
    return [...this.#at].map(([key, { line, heardMs }]) => [key, line, heardMs])
  }

  /** `lines`: all there are; `protocols`: those asked on this one, all when empty. */
  metersOf(
    { name, protocols, everyMs }: { name: string; protocols: readonly string[]; everyMs: number },
    lines: ReadonlySet<string>,
    devices: Iterable<Projection>,
  ): readonly PolledMeter[] {
    const meters: PolledMeter[] = []
    for (const { fields } of devices) {
      const place = splitAddress(String(fields.address))
      const meter = pollable(fields.protocol, place.address)
      if (!meter || (protocols.length > 0 && !protocols.includes(meter.protocol))) continue
      if (place.line !== null || isOfItsLine(meter.protocol, meter.address)) {
        if (place.line === name || (place.line === null && lines.size === 1))
          meters.push({ ...meter, everyMs })
        continue
      }
      const known = this.#at.get(keyOf(meter.protocol, meter.address))
      const isKnown = known && lines.has(known.line) && this.#now() - known.heardMs < FORGET_MS
      if (isKnown && known.line !== name) continue
      meters.push({
        ...meter,
        everyMs: isKnown || lines.size === 1 ? everyMs : Math.max(everyMs, LOOK_EVERY_MS),
      })
    }
    return meters
  }
}

const keyOf = (protocol: string, address: string): string => `${protocol}/${address}`

/** Null for what is on no line: sensors of a broker, or a protocol of a later version. */
export function pollable(protocol: unknown, address: unknown): Omit<PolledMeter, 'everyMs'> | null {
  if (typeof protocol !== 'string' || typeof address !== 'string') return null
  const [plan, another] = readingPlans(protocol)
  if (!plan) return null
  return {
    protocol: plan.driver.protocol,
    address,
    items: [...plan.items, ...plan.more],
    ...(another && { otherwise: [...another.items, ...another.more] }),
  }
}
