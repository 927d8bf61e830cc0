import { type JsonCheck, join } from './json-check.ts'
import type { CountSource, Layout } from './mapping.ts'
import { parseTextPattern } from './text-pattern.ts'

const KEYS = ['storeys', 'dwellings', 'lowestFloor', 'units', 'room']

export function parseLayout(check: JsonCheck, json: unknown, path: string): Layout | null {
  const file = check.object(json, path, KEYS)
  if (!file) return null
  const storeys = parseCount(check, file.storeys, join(path, 'storeys'))
  const dwellings = parseCount(check, file.dwellings, join(path, 'dwellings'))
  const lowest = file.lowestFloor ?? 1
  if (typeof lowest !== 'number' || !Number.isInteger(lowest) || lowest < 1 || lowest > 200)
    check.fault(join(path, 'lowestFloor'), 'not-a-floor')
  const room = parsePattern(check, file.room ?? '{f}{nn}', join(path, 'room'), ['f', 'n', 'u'])
  if (room && !room.some((piece) => piece.type === 'number' && piece.of === 'n'))
    check.fault(join(path, 'room'), 'needs-door-number')
  const units = file.units === undefined ? null : parseUnits(check, file.units, join(path, 'units'))
  if (!storeys || !dwellings || !room || (file.units !== undefined && !units)) return null
  return { storeys, dwellings, lowestFloor: Number(lowest), units, room }
}

function parseUnits(check: JsonCheck, json: unknown, path: string): Layout['units'] {
  const file = check.object(json, path, ['count', 'name'])
  if (!file) return null
  const count = parseCount(check, file.count, join(path, 'count'))
  const name = parsePattern(check, file.name ?? '{u}', join(path, 'name'), ['u'])
  if (name && !name.some((piece) => piece.type === 'number'))
    check.fault(join(path, 'name'), 'needs-unit-number')
  return count && name ? { count, name } : null
}

/** A column, or a number that holds for every building. */
function parseCount(check: JsonCheck, json: unknown, path: string): CountSource | null {
  if (typeof json === 'number' && Number.isInteger(json) && json >= 1)
    return { type: 'constant', count: json }
  const column = check.text(json, path)
  return column === null ? null : { type: 'column', column }
}

function parsePattern(
  check: JsonCheck,
  json: unknown,
  path: string,
  numbers: readonly ('f' | 'n' | 'u')[],
): Layout['room'] | null {
  const pattern = check.text(json, path)
  if (pattern === null) return null
  const pieces = parseTextPattern(pattern, numbers)
  const column = pieces.find((piece) => piece.type === 'column')
  return column ? check.fault(path, 'not-a-number-name', { found: column, allowed: numbers }) : pieces
}
