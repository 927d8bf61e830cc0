import { isRewritten } from './foreign-functions.ts'

/** What the engine knows; a test holds this list and the installed engine together. */

const WORDS =
  'abs acos area asin atan atan2 base64-decode boolean boolean-from-string ceil ceiling checklist coalesce concat ' +
  'contains cos count count-non-empty count-selected current date date-time decimal-date-time decimal-time digest ' +
  'distance ends-with exp exp10 false floor format-date format-date-time geofence id if indexed-repeat instance int ' +
  'join lang last local-name log log10 max min name namespace-uri normalize-space not now number once pi position ' +
  'pow pulldata random randomize regex round selected selected-at sin sqrt starts-with string string-length substr ' +
  'substring substring-after substring-before sum tan today translate true uuid weighted-checklist'

export const ENGINE_FUNCTIONS: ReadonlySet<string> = new Set(WORDS.split(' '))
/** Under the prefix of OpenRosa. */
export const JR_FUNCTIONS: ReadonlySet<string> = new Set(['itext', 'choice-name'])

/** Whether a call of this name, with its prefix, can be worked out here. */
export const isKnownFunction = (name: string): boolean =>
  ENGINE_FUNCTIONS.has(name) ||
  isRewritten(name) ||
  (name.startsWith('jr:') && JR_FUNCTIONS.has(name.slice(3))) ||
  /^(?:xf|fn|enk):/.test(name)
