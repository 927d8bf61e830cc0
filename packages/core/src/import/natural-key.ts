import { derivedId } from '../ids.ts'
import { recordTypes } from '../records/registry.ts'
import { cleanText } from './read-cell.ts'
import type { ImportableType } from './record-links.ts'

/** One word of a natural key: width and case of letters do not make two doors of one. */
export const keyWord = (text: string): string => cleanText(text.normalize('NFKC')).toUpperCase()

/** Words hold no control characters, so this tells keys apart. */
export const keyName = (key: readonly string[]): string => key.join('\u001f')

/** D4: the id of an imported record derives from its space and natural key, so two stations make the same one. */
export const importedId = (space: string, type: ImportableType, key: readonly string[]): string =>
  derivedId(recordTypes[type].prefix, [space, ...key])

/** As a register of people would name the dwelling: unit, when the building has units, and room. */
export const dwellingKey = (
  building: readonly string[],
  door: { readonly unit: string | null; readonly room: string },
): string[] => [
  ...building,
  'dwelling',
  ...(door.unit === null ? [] : [keyWord(door.unit)]),
  keyWord(door.room),
]
