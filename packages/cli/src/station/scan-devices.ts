import { ok, type Result } from '@doorstep/core'
import {
  createBus,
  openLine,
  parseLineAddress,
  type ScanOptions,
  type ScanReport,
  type SerialScanReport,
  scanLine,
  scanSerial,
} from '@doorstep/drivers'

/** Over a serial line whose speed was not said every usual one is tried; a converter keeps its own. */
export async function scanDevices(
  at: string,
  signal: AbortSignal,
  options: ScanOptions,
): Promise<Result<ScanReport | SerialScanReport>> {
  const line = parseLineAddress(at)
  if (!line.ok) return line
  const { value } = line
  if (value.type === 'serial' && !at.includes('@'))
    return ok(
      await scanSerial((settings) => openLine({ ...value, ...settings }, signal), { ...options, signal }),
    )
  const port = await openLine(value, signal)
  if (!port.ok) return port
  const bus = createBus(port.value, value.type === 'serial' ? { baud: value.baud } : {})
  const protocols = value.type === 'modbus-tcp' ? (['modbus'] as const) : options.protocols
  const report = await scanLine(bus, { ...options, ...(protocols && { protocols }), signal })
  await bus.close()
  return ok(report)
}
