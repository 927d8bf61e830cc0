/** How people write where a line is reached, and the way to open it. */
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import type { Port } from './contract.ts'
import { MODBUS_TCP_PORT, openModbusTcpPort } from './modbus-tcp-port.ts'
import { openSerialPort, type SerialOptions, USUAL_SERIAL } from './serial-port.ts'
import { openTcpPort } from './tcp-port.ts'

export type LineAddress =
  /** A converter or a DTU that is dialled: bytes as they are. */
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | { readonly type: 'modbus-tcp'; readonly host: string; readonly port: number }
  | ({ readonly type: 'serial' } & SerialOptions)

export type BadLineAddress = Problem & { readonly type: 'bad-line-address'; readonly address: string }

const HOST = String.raw`(?:\[([^\]]+)\]|([^:/@\s]+))`
const TCP = new RegExp(`^(modbus-tcp://)?${HOST}(?::(\\d{1,5}))?$`)
const SERIAL = /^(\/[^@\s]+|COM\d{1,3})(?:@(\d{3,6})(?:,8([NEO])([12]))?)?$/i
const PARITIES = { N: 'none', E: 'even', O: 'odd' } as const

/**
 * `192.168.1.30:8899`, `[fe80::1]:8899`; `modbus-tcp://192.168.1.31` (port 502 where none is said);
 * `/dev/ttyUSB0@9600,8N1`, `COM3@2400` (2400 8E1 where nothing is said).
 */
export function parseLineAddress(text: string): Result<LineAddress, BadLineAddress> {
  const [, path, baud, parity, stopBits] = SERIAL.exec(text.trim()) ?? []
  if (path !== undefined) {
    const letter = (parity ?? 'E').toUpperCase() as keyof typeof PARITIES
    return ok({
      type: 'serial',
      path,
      baud: baud === undefined ? USUAL_SERIAL.baud : Number(baud),
      parity: PARITIES[letter],
      stopBits: stopBits === '2' ? 2 : 1,
    })
  }
  const [, modbus, bracketed, plain, digits] = TCP.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  const type = modbus === undefined ? 'tcp' : 'modbus-tcp'
  // Converters have no usual port, so theirs must be said.
  const port = digits === undefined && type === 'modbus-tcp' ? MODBUS_TCP_PORT : Number(digits)
  if (host === undefined || !(port <= 65_535)) return fail({ type: 'bad-line-address', address: text })
  return ok({ type, host, port })
}

/** A fresh port to the line. */
export function openLine(line: LineAddress, signal: AbortSignal): Promise<Result<Port, Problem>> {
  if (line.type === 'serial') return openSerialPort(line, { signal })
  const { host, port } = line
  return line.type === 'tcp' ? openTcpPort({ host, port, signal }) : openModbusTcpPort({ host, port, signal })
}
