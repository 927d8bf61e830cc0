import type { JsonCheck } from './json-check.ts'

/** What stands between the cells of a text file; a comma when nothing is said. */
export function parseDelimiter(check: JsonCheck, json: unknown): string {
  if (json === undefined) return ','
  if (typeof json === 'string' && json.length === 1 && !/["\r\n]/.test(json)) return json
  check.fault('delimiter', 'not-one-character')
  return ','
}
