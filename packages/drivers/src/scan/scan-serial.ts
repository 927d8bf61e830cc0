/** A serial line whose speed nobody knows: every usual setting is tried, since a meter at another hears nothing. */
import type { Problem, Result } from '@doorstep/core'
import { createBus } from '../bus.ts'
import type { Port } from '../contract.ts'
import type { SerialOptions } from '../serial-port.ts'
import {
  type FoundMeter,
  type ScannedProtocol,
  type ScanOptions,
  type ScanReport,
  scanLine,
} from './scan-line.ts'

export type SerialSettings = Pick<SerialOptions, 'baud' | 'parity' | 'stopBits'>

export type SerialScanReport = Omit<ScanReport, 'found' | 'ended'> & {
  readonly found: readonly (FoundMeter & SerialSettings)[]
  readonly ended: Problem | null
}

type Try = SerialSettings & { readonly protocols: readonly ScannedProtocol[] }
const at = (baud: number, parity: 'none' | 'even', ...protocols: readonly ScannedProtocol[]): Try => ({
  baud,
  parity,
  stopBits: 1,
  protocols,
})

/** What leaves factories, the commonest first; Modbus, where 247 units are asked each time, only where it is usual. */
export const SERIAL_TRIES: readonly Try[] = [
  at(2400, 'even', 'dlt645', 'cjt188', 'mbus'),
  at(9600, 'even', 'dlt645', 'cjt188', 'mbus'),
  at(1200, 'even', 'dlt645', 'cjt188'),
  at(4800, 'even', 'dlt645'),
  at(300, 'even', 'mbus'),
  at(9600, 'none', 'cjt188', 'modbus'),
  at(2400, 'none', 'modbus'),
]

/** @param open the line at these settings; closed again after each */
export async function scanSerial(
  open: (settings: SerialSettings) => Promise<Result<Port, Problem>>,
  options: ScanOptions = {},
): Promise<SerialScanReport> {
  const found: (FoundMeter & SerialSettings)[] = []
  const sum = { asked: 0, ms: 0 }
  const unresolved: ScanReport['unresolved'][number][] = []
  for (const { protocols, ...settings } of SERIAL_TRIES) {
    const wanted = protocols.filter((one) => options.protocols?.includes(one) ?? true)
    if (wanted.length === 0) continue
    const port = await open(settings)
    if (!port.ok) return { found, unresolved, ...sum, ended: port.problem }
    const bus = createBus(port.value, { baud: settings.baud })
    const { onProgress } = options
    const [askedBefore, foundBefore] = [sum.asked, found.length]
    const report = await scanLine(bus, {
      ...options,
      protocols: wanted,
      ...(onProgress && {
        onProgress: (now) =>
          onProgress({ ...now, asked: askedBefore + now.asked, found: foundBefore + now.found }),
      }),
    })
    await bus.close()
    sum.asked += report.asked
    sum.ms += report.ms
    unresolved.push(...report.unresolved)
    found.push(...report.found.map((meter) => ({ ...meter, ...settings })))
    if (report.ended) return { found, unresolved, ...sum, ended: report.ended }
  }
  return { found, unresolved, ...sum, ended: null }
}
