/** Who is on a line: every protocol that has a way to ask for it, by reading questions alone. */
import { ok, type Result } from '@doorstep/core'
import type { Bus } from '../bus.ts'
import { meterTypeName } from '../cjt188/control.ts'
import { type Cjt188Frame, isAddress as isCjt188Address } from '../cjt188/frame.ts'
import type { Text } from '../contract.ts'
import { type Dlt645Frame, isAddress as isDlt645Address } from '../dlt645/frame.ts'
import { mediumOf, numberOf } from '../mbus/decode.ts'
import type { MbusFrame } from '../mbus/frame.ts'
import type { ModbusFrame } from '../modbus/frame.ts'
import { driver as cjt188 } from '../protocols/cjt188.ts'
import { driver as dlt645 } from '../protocols/dlt645.ts'
import { driver as mbus } from '../protocols/mbus.ts'
import { driver as modbus } from '../protocols/modbus.ts'
import { type LineProblem, narrow, narrowDigits, narrowPairs, type Search, type Seeker } from './narrow.ts'

export type FoundMeter = {
  readonly protocol: string
  /** As it is asked by. */
  readonly address: string
  /** Of DL/T 645. */
  readonly edition?: '2007' | '1997'
  /** Of M-Bus: the number on the meter, whichever address it is asked by. */
  readonly number?: string
  /** What it counts, where it says so. */
  readonly counts?: Text
}

export type ScanProgress = {
  readonly protocol: string
  /** What was asked last: an address, or a wildcard of the protocol. */
  readonly at: string
  readonly asked: number
  readonly found: number
}

export type ScanReport = {
  readonly found: readonly FoundMeter[]
  /** Where several answer at once and no narrower question exists: an address given twice, or a line with much noise. */
  readonly unresolved: readonly { readonly protocol: string; readonly address: string }[]
  readonly asked: number
  readonly ms: number
  /** Why it ended early; what was found until then stands. */
  readonly ended: LineProblem | null
}

export type ScanOptions = {
  /** Default: all that can be scanned for, in this order. */
  readonly protocols?: readonly ScannedProtocol[]
  /** For each answer. Default: what the protocol allows a meter and a network in between. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ScanProgress) => void
}

export const SCANNED_PROTOCOLS = ['dlt645', 'cjt188', 'mbus', 'modbus'] as const
export type ScannedProtocol = (typeof SCANNED_PROTOCOLS)[number]

/**
 * DL/T 645 and CJ/T 188 meters may take 500 ms. M-Bus ones take at most 330 bits and 50 ms (EN 13757-2), 188 ms at 2400
 * baud; Modbus devices are asked 247 times. The rest is for a question on the wire and the network.
 */
const TIMEOUTS_MS: Readonly<Record<ScannedProtocol, number>> = {
  dlt645: 750,
  cjt188: 750,
  mbus: 400,
  modbus: 300,
}
const PRIMARY_MAX = 250
const ALONE = '254'
const ANYBODY = 'FFFFFFFF'
const UNIT_MAX = 247

export async function scanLine(bus: Bus, options: ScanOptions = {}): Promise<ScanReport> {
  const { protocols = SCANNED_PROTOCOLS, signal, onProgress } = options
  const { clock } = bus
  const startMs = clock.nowMs()
  const found = new Map<string, FoundMeter>()
  const unresolved: { protocol: string; address: string }[] = []
  let asked = 0
  let ended: LineProblem | null = null

  const seeker = <F extends Cjt188Frame | Dlt645Frame | MbusFrame | ModbusFrame>(
    protocol: ScannedProtocol,
    toFound: (frame: F, address: string) => FoundMeter,
  ): Seeker<F> => ({
    bus,
    signal,
    timeoutMs: options.timeoutMs ?? TIMEOUTS_MS[protocol],
    asked(at) {
      asked += 1
      onProgress?.({ protocol, at, asked, found: found.size })
    },
    found(frame, address) {
      const meter = toFound(frame, address)
      // Who was found twice is told as it was found first.
      const key = `${protocol} ${meter.number ?? address}`
      if (!found.has(key)) found.set(key, meter)
    },
    unresolved: (address) => unresolved.push({ protocol, address }),
  })

  for (const protocol of protocols) {
    const done = await SCANS[protocol](seeker)
    if (done.ok) continue
    ended = done.problem
    break
  }
  return { found: [...found.values()], unresolved, asked, ms: clock.nowMs() - startMs, ended }
}

type MakeSeeker = <F extends Cjt188Frame | Dlt645Frame | MbusFrame | ModbusFrame>(
  protocol: ScannedProtocol,
  toFound: (frame: F, address: string) => FoundMeter,
) => Seeker<F>

const SCANS: Readonly<Record<ScannedProtocol, (make: MakeSeeker) => Promise<Result<void, LineProblem>>>> = {
  /**
   * 2007: function 13 to everybody, and where several answer, function 11 for the address with ever more digits. Then
   * 1997, which has no function 13: `01 43 C3`, the energy register, whose value is dropped.
   */
  async dlt645(make) {
    const search = (request: Search<Dlt645Frame>['request']): Search<Dlt645Frame> => ({
      driver: dlt645,
      request,
      addressOf: ({ address }) => (isDlt645Address(address) && !address.includes('A') ? address : null),
      narrower: narrowPairs,
    })
    for (const edition of ['2007', '1997'] as const) {
      const item = edition === '2007' ? '04000401' : '9010'
      const one = search((address) =>
        edition === '2007' && address === dlt645.anyAddress
          ? { type: 'address', address }
          : { type: 'item', address, item },
      )
      const seeker = make<Dlt645Frame>('dlt645', (_, address) => ({ protocol: 'dlt645', address, edition }))
      const done = await narrow(one, seeker, dlt645.anyAddress)
      if (!done.ok) return done
    }
    return ok(undefined)
  },

  cjt188: (make) =>
    narrow<Cjt188Frame>(
      {
        driver: cjt188,
        request: (address) => ({ type: 'address', address }),
        addressOf: ({ address }) => (isCjt188Address(address) && !address.includes('A') ? address : null),
        narrower: narrowPairs,
      },
      make('cjt188', ({ meterType }, address) => ({
        protocol: 'cjt188',
        address,
        counts: meterTypeName(meterType),
      })),
      cjt188.anyAddress,
    ),

  /**
   * Whoever is alone answers to 254. If several do, each primary address is asked; and where several share one, all are
   * searched for by their numbers.
   */
  async mbus(make) {
    const toFound = (frame: MbusFrame, address: string): FoundMeter => {
      const number = numberOf(frame)
      const counts = mediumOf(frame)
      return { protocol: 'mbus', address, ...(number !== null && { number }), ...(counts && { counts }) }
    }
    const byPrimary: Search<MbusFrame> = {
      driver: mbus,
      request: (address) => ({ type: 'address', address }),
      addressOf: ({ address }) => address,
      narrower: (wildcard) =>
        wildcard === ALONE ? Array.from({ length: PRIMARY_MAX + 1 }, (_, address) => String(address)) : [],
    }
    let isShared = false
    const primaries = make('mbus', toFound)
    const done = await narrow(
      byPrimary,
      {
        ...primaries,
        unresolved: () => {
          isShared = true
        },
      },
      ALONE,
    )
    if (!done.ok || !isShared) return done
    return narrow(
      { driver: mbus, request: byPrimary.request, addressOf: numberOf, narrower: narrowDigits },
      make('mbus', toFound),
      ANYBODY,
    )
  },

  /** There is no wildcard in Modbus: every unit is asked for a register, and a refusal says as well that it is there. */
  async modbus(make) {
    const search: Search<ModbusFrame> = {
      driver: modbus,
      request: (address) => ({ type: 'address', address }),
      addressOf: ({ address }) => address,
      narrower: () => [],
    }
    const seeker = make<ModbusFrame>('modbus', (_, address) => ({ protocol: 'modbus', address }))
    for (let unit = 1; unit <= UNIT_MAX; unit += 1) {
      const done = await narrow(search, seeker, String(unit), false)
      if (!done.ok) return done
    }
    return ok(undefined)
  },
}
