/** Unit bytes of CJ/T 188-2004, table of codes (as in hupengwu/fox-edge-server-protocol, CJT188Unit). `times`: what the number counts. */
type Unit = { readonly unit: string; readonly times: number }

const UNITS: ReadonlyMap<number, Unit> = new Map([
  [0x02, { unit: 'Wh', times: 1 }],
  [0x05, { unit: 'kWh', times: 1 }],
  [0x08, { unit: 'MWh', times: 1 }],
  [0x0a, { unit: 'MWh', times: 100 }],
  [0x01, { unit: 'J', times: 1 }],
  [0x0b, { unit: 'kJ', times: 1 }],
  [0x0e, { unit: 'MJ', times: 1 }],
  [0x11, { unit: 'GJ', times: 1 }],
  [0x13, { unit: 'GJ', times: 100 }],
  [0x14, { unit: 'W', times: 1 }],
  [0x17, { unit: 'kW', times: 1 }],
  [0x1a, { unit: 'MW', times: 1 }],
  [0x29, { unit: 'L', times: 1 }],
  [0x2c, { unit: 'm³', times: 1 }],
  [0x32, { unit: 'L/h', times: 1 }],
  [0x35, { unit: 'm³/h', times: 1 }],
])

export const unitOf = (code: number): Unit | undefined => UNITS.get(code)

/**
 * Where the unit stands beside each four-byte value: behind it as the standard says, or before it as some makers send
 * it. Judged over all values of a frame, since a digit pair of one value may look like a unit. Null when neither fits.
 */
export function unitPlace(groups: readonly Uint8Array[]): 'behind' | 'before' | null {
  if (groups.every((group) => UNITS.has(group[4]!))) return 'behind'
  return groups.every((group) => UNITS.has(group[0]!)) ? 'before' : null
}
