import { type Geopoint, parseGeopoint } from './answer-value.ts'

/**
 * A place as one types it: `31.2304,121.4737`, `31.2304N 121.4737E`, `北纬31.2304 东经121.4737`, `31°13'49"N 121°28'25"E`,
 * then, if known, altitude and accuracy in metres: `… 12 ±5`. Objects and lists of numbers are taken too. Null when it
 * is no place on Earth.
 */
export function readGeopoint(value: unknown): Geopoint | null {
  if (typeof value === 'string') return typedGeopoint(value)
  if (Array.isArray(value)) return parseGeopoint(value.join(' '))
  if (typeof value !== 'object' || value === null) return null
  const { latitude, longitude, altitude, accuracyMetres } = value as Readonly<Record<string, unknown>>
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null
  return parseGeopoint([latitude, longitude, altitude ?? 0, accuracyMetres ?? 0].join(' '))
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/北纬/g, 'N'],
  [/南纬/g, 'S'],
  [/东经/g, 'E'],
  [/西经/g, 'W'],
  [/度/g, '°'],
  [/[分′’]/g, "'"],
  [/[秒″”]|''/g, '"'],
]
/** Degrees, perhaps minutes and seconds, with the side before or after. */
const SIZE = String.raw`([+-]?\d+(?:\.\d+)?(?![\d.]))\s*°?\s*(?:(\d+(?:\.\d+)?(?![\d.]))\s*'\s*)?(?:(\d+(?:\.\d+)?(?![\d.]))\s*"\s*)?`
const ANGLE = new RegExp(String.raw`^[\s,;]*(?:([NSEW])\s*${SIZE}|${SIZE}([NSEW])?)`, 'i')
const REST =
  /^[\s,;]*(?:([+-]?\d+(?:\.\d+)?)(?![\d.])\s*(?:m|米)?)?[\s,;]*(?:(?:±|\+-)?\s*(\d+(?:\.\d+)?)\s*(?:m|米)?)?$/i

function typedGeopoint(text: string): Geopoint | null {
  let rest = text.normalize('NFKC').trim()
  for (const [word, sign] of WORDS) rest = rest.replaceAll(word, sign)
  const angles: Angle[] = []
  for (let at = 0; at < 2; at++) {
    const found = ANGLE.exec(rest)
    const angle = found && angleOf(found)
    if (!angle) return null
    angles.push(angle)
    rest = rest.slice(found[0].length)
  }
  const metres = /^[\s,;]*(?:±|\+-)/.test(rest) ? REST.exec(`0 ${rest}`) : REST.exec(rest)
  if (!metres) return null
  const [first, second] = angles as [Angle, Angle]
  // Named sides may come in either order; unnamed ones are latitude, then longitude.
  const swapped = first.of === 'longitude' || second.of === 'latitude'
  const [latitude, longitude] = swapped ? [second, first] : [first, second]
  if (latitude.of === 'longitude' || longitude.of === 'latitude') return null
  return parseGeopoint([latitude.degrees, longitude.degrees, metres[1] ?? 0, metres[2] ?? 0].join(' '))
}

type Angle = { readonly degrees: number; readonly of: 'latitude' | 'longitude' | null }

function angleOf(found: readonly (string | undefined)[]): Angle | null {
  const named = found[1] !== undefined
  const [degrees = '', minutes = '0', seconds = '0'] = named ? found.slice(2, 5) : found.slice(5, 8)
  const side = (named ? found[1] : found[8])?.toUpperCase()
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return null
  const size = Math.abs(Number(degrees)) + Number(minutes) / 60 + Number(seconds) / 3600
  const sign = (degrees.startsWith('-') ? -1 : 1) * (side === 'S' || side === 'W' ? -1 : 1)
  return {
    degrees: Number((sign * size).toFixed(8)),
    of: side === undefined ? null : side === 'N' || side === 'S' ? 'latitude' : 'longitude',
  }
}
