/** The column `default`: a value as it stands, or an expression to be worked out when the form opens. */
import { hasReference } from './references.ts'

/** Types whose values themselves have signs in them that also reckon: 2026-01-01 is a date and not 2024. */
const SIGNED = new Set(['date', 'dateTime', 'time', 'geopoint', 'geotrace', 'geoshape'])

export function isDynamic(text: string, bindType: string): boolean {
  if (text === '') return false
  if (hasReference(text)) return true
  const bare = text.replaceAll(/'[^']*'|"[^"]*"/g, "''")
  if (bare === "''" && text.length > 1) return false
  if (/[\p{L}_][\p{L}\p{N}_.:-]*\(/u.test(bare)) return /^[^()]*\(.*\)[^()]*$/s.test(bare)
  if (SIGNED.has(bindType)) return false
  if (/^\s*(?:\.\.?|\/[\p{L}_]).*\/?[\p{L}_]/u.test(bare) && bare.includes('/')) return true
  return /^-?\d+(?:\.\d+)?(?:\s*(?:[-+*]|\bdiv\b|\bmod\b)\s*-?\d+(?:\.\d+)?)+$/.test(bare.trim())
}
