/** How a device record says an address: as the device has it, and before a slash the line, where others may have it too. */
import { splitProtocol } from './reading-plan.ts'

/** `block-1/3`: 3 on the line that the gateway's configuration calls so. `line` is null where none is said. */
export function splitAddress(text: string): { readonly line: string | null; readonly address: string } {
  const [, line, address] = /^([a-z][a-z0-9-]{0,30})\/(.+)$/.exec(text) ?? []
  return line === undefined || address === undefined ? { line: null, address: text } : { line, address }
}

/**
 * Whether a device on another line may have it as well: Modbus units and primary addresses of M-Bus are given out anew on
 * every line. With several lines they mean nothing without one: whoever answers may be somebody else's meter.
 */
export function isOfItsLine(protocol: string, address: string): boolean {
  const { name } = splitProtocol(protocol)
  return name === 'modbus' || (name === 'mbus' && /^\d{1,3}$/.test(address))
}
