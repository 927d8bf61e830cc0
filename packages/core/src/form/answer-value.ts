/** Answers as plain JSON: what `values()` gives and what `answer()` takes back unchanged. */
import type { LeafNode } from './engine-nodes.ts'

export type Geopoint = {
  readonly latitude: number
  readonly longitude: number
  readonly altitude: number | null
  readonly accuracyMetres: number | null
}
/** Dates and times are ISO 8601 text, selects-many and ranks lists, traces lists of places, an upload is the name of its file. */
export type AnswerValue = string | number | boolean | readonly string[] | Geopoint | readonly Geopoint[]

/** Null while unanswered, irrelevant, or for a note that only shows text. */
export function nodeValue(node: LeafNode): AnswerValue | null {
  const { value, instanceValue } = node.currentState
  if (instanceValue === '') return null
  if (node.nodeType === 'trigger') return true
  if (node.nodeType === 'rank' || (node.nodeType === 'select' && node.selectType === 'select'))
    return instanceValue.split(' ')
  if (node.nodeType === 'select' || node.nodeType === 'upload') return instanceValue
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (node.valueType === 'geopoint') return parseGeopoint(instanceValue) ?? instanceValue
  if (node.valueType === 'geotrace' || node.valueType === 'geoshape') {
    const points = instanceValue
      .split(';')
      .filter((one) => one.trim() !== '')
      .map(parseGeopoint)
    return points.every((one) => one !== null) ? points : instanceValue
  }
  return instanceValue
}

/** `latitude longitude [altitude [accuracy]]`, in degrees and metres; null when it is no place on Earth. */
export function parseGeopoint(text: string): Geopoint | null {
  const words = text.trim().split(/[\s,;]+/)
  if (words.length < 2 || words.length > 4 || words.some((word) => !/^[+-]?\d+(\.\d+)?$/.test(word)))
    return null
  const [latitude, longitude, altitude = null, accuracyMetres = null] = words.map(Number)
  // 0 0 is what devices say that do not know; ODK reads it as no place too.
  if (latitude === 0 && longitude === 0) return null
  if (Math.abs(latitude!) > 90 || Math.abs(longitude!) > 180 || (accuracyMetres ?? 0) < 0) return null
  return { latitude: latitude!, longitude: longitude!, altitude, accuracyMetres }
}
