/** From what was typed or sent to what the form stores. Pure: needs the question's shape, not the engine. */
import { fail, ok, type Result } from '../result.ts'
import type { Geopoint } from './answer-value.ts'
import type { FormProblemType } from './form-problem.ts'
import { readGeopoint } from './geopoint.ts'
import type { Question } from './question.ts'

/** `text` is in XForms notation; '' and empty lists and null clear the answer. */
export type ParsedAnswer =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'list'; readonly list: readonly string[] }
  | { readonly type: 'tick'; readonly ticked: boolean }
  | { readonly type: 'file'; readonly file: AnswerFile | null }
export type AnswerFile = {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** What whoever prepared it knows besides: a small image, and its size in pixels. */
  readonly preview?: Uint8Array
  readonly width?: number
  readonly height?: number
}

export type AnswerRefusal = {
  readonly type: Extract<
    FormProblemType,
    'answer-wrong-type' | 'answer-out-of-range' | 'choice-unknown' | 'question-unsupported'
  >
  readonly reason: string
  readonly [detail: string]: unknown
}
export type AnswerShape = Pick<Question, 'kind' | 'choices' | 'range'> &
  Partial<Pick<Question, 'appearances'>>
type Parsed = Result<ParsedAnswer, AnswerRefusal>

/** XForms `int` is XML Schema's: 32 bits, signed. */
const INT_MIN = -2_147_483_648
const INT_MAX = 2_147_483_647

export function parseAnswer(shape: AnswerShape, value: unknown): Parsed {
  switch (shape.kind) {
    case 'text':
    case 'barcode':
      return blank(value) ?? freeText(shape, value)
    case 'integer':
      return blank(value) ?? whole(shape, value)
    case 'decimal':
      return blank(value) ?? decimal(shape, value)
    case 'range':
      return blank(value) ?? withinRange(shape, value)
    case 'date':
      return blank(value) ?? dateOf(shape, value)
    case 'time':
      return blank(value) ?? orWrong(shape, value, isoTime(typed(value)), 'a time like 14:30')
    case 'datetime':
      return (
        blank(value) ??
        orWrong(shape, value, isoDateTime(typed(value)), 'a date and time like 2026-03-05T14:30')
      )
    case 'geopoint':
      return blank(value) ?? geopoint(shape, value)
    case 'geotrace':
    case 'geoshape':
      return blank(value) ?? points(shape, value)
    case 'select-one':
      return selectOne(shape, value)
    case 'select-many':
      return choices(shape, value)
    case 'rank':
      return ranked(shape, value)
    case 'trigger':
      return tick(shape, value)
    case 'upload':
      return upload(shape, value)
    case 'note':
    case 'unsupported':
      return fail({
        type: 'question-unsupported',
        reason: `a ${shape.kind} takes no answer here`,
        kind: shape.kind,
      })
  }
}

const text = (stored: string): Parsed => ok({ type: 'text', text: stored })
const blank = (value: unknown): Parsed | null =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
    ? text('')
    : null

const wrong = (shape: AnswerShape, given: unknown, expected: string): Parsed =>
  fail({ type: 'answer-wrong-type', reason: `expected ${expected}`, expected: shape.kind, given })
const orWrong = (shape: AnswerShape, given: unknown, stored: string | null, expected: string): Parsed =>
  stored === null ? wrong(shape, given, expected) : text(stored)

/** A Chinese input method leaves digits and signs full-width; NFKC brings them back. */
const typed = (value: unknown): string => (typeof value === 'string' ? value.normalize('NFKC').trim() : '')
/** Exactly these are no XML characters. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

function freeText(shape: AnswerShape, value: unknown): Parsed {
  if (typeof value !== 'string') return wrong(shape, value, 'text')
  if (NOT_XML.test(value) || !value.isWellFormed())
    return wrong(shape, value, 'text without control characters')
  // As it will be read back: XML turns every line end into \n, the engine writes composed characters.
  return text(value.replaceAll(/\r\n?/g, '\n').normalize('NFC'))
}

function whole(shape: AnswerShape, value: unknown): Parsed {
  const number =
    typeof value === 'number' ? value : /^[+-]?\d+$/.test(typed(value)) ? Number(typed(value)) : Number.NaN
  if (!Number.isInteger(number)) return wrong(shape, value, 'a whole number')
  if (number < INT_MIN || number > INT_MAX) return outOfRange(value, INT_MIN, INT_MAX)
  return text(String(number + 0))
}

function decimal(shape: AnswerShape, value: unknown): Parsed {
  const number = toDecimal(value)
  return number === null ? wrong(shape, value, 'a number') : text(plainDecimal(number))
}

const toDecimal = (value: unknown): number | null => {
  const number =
    typeof value === 'number'
      ? value
      : /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(typed(value))
        ? Number(typed(value))
        : Number.NaN
  // The engine writes twenty decimals; less than that would turn into 0 unseen.
  return Number.isFinite(number) && (number === 0 || Math.abs(number) >= 1e-20) ? number + 0 : null
}
/** XForms decimals have no exponent: 1e-7 is written 0.0000001. */
const plainDecimal = (number: number): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number)) ?? []
  const point = whole.length + Number(exponent)
  const digits = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, 1 - point), '0')
  const split = Math.max(point, 1)
  const after = digits.slice(split)
  return sign + digits.slice(0, split).padEnd(split, '0') + (after && `.${after}`)
}

function withinRange(shape: AnswerShape, value: unknown): Parsed {
  const number = toDecimal(value)
  if (!shape.range || number === null) return wrong(shape, value, 'a number')
  const { min, max, step, whole: wholeNumbers } = shape.range
  const steps = (number - min) / step
  if (number < Math.min(min, max) || number > Math.max(min, max)) return outOfRange(value, min, max)
  if (Math.abs(steps - Math.round(steps)) > 1e-9) return wrong(shape, value, `steps of ${step} from ${min}`)
  return wholeNumbers ? whole(shape, number) : text(plainDecimal(number))
}

const outOfRange = (given: unknown, min: number, max: number): Parsed =>
  fail({ type: 'answer-out-of-range', reason: `must be from ${min} to ${max}`, given, min, max })

/** 2026-3-5, 2026/3/5, 2026.3.5, 20260305 and 2026年3月5日 are all the fifth of March; null when no such day. */
export function isoDate(value: string): string | null {
  const parts =
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(value)?.toSpliced(2, 1) ??
    /^(\d{4})年(\d{1,2})月(\d{1,2})日?$/.exec(value) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(value)
  if (!parts) return null
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  // Year 0 exists in ISO 8601 but in no register of homes; XML Schema forbids it too.
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  return `${parts[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const OFFSET = String.raw`(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?`
const TIME = new RegExp(String.raw`^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3})\d*)?)?${OFFSET}$`)

/** Stored with seconds and milliseconds, as ODK Collect does; an offset is kept when given. */
export function isoTime(value: string): string | null {
  const parts = TIME.exec(value)
  if (!parts) return null
  const [, hours, minutes, seconds = '00', fraction = '0', offset = ''] = parts
  return `${hours!.padStart(2, '0')}:${minutes}:${seconds}.${fraction.padEnd(3, '0')}${offset}`
}

export function isoDateTime(value: string): string | null {
  const split = /^(\S+?)(?:T|\s+)(\d.*)$/.exec(value)
  const date = isoDate(split?.[1] ?? value)
  const time = isoTime(split?.[2] ?? '00:00')
  return date && time && `${date}T${time}`
}

/** A question for a month or a year takes just that, and keeps its first day, as ODK does. */
function dateOf(shape: AnswerShape, value: unknown): Parsed {
  const given = typed(value)
  const { appearances = [] } = shape
  const [, year = '', month = '01'] =
    (appearances.includes('month-year') && /^(\d{4})[-/.年]?(\d{1,2})月?$/.exec(given)) ||
    (appearances.includes('year') && /^(\d{4})年?$/.exec(given)) ||
    []
  const day = isoDate(year === '' ? given : `${year}-${month}-01`)
  return orWrong(shape, value, day, 'a date like 2026-03-05')
}

function geopoint(shape: AnswerShape, value: unknown): Parsed {
  const place = readGeopoint(value)
  return place ? text(geopointText(place)) : wrong(shape, value, 'latitude and longitude in degrees')
}

const geopointText = ({ latitude, longitude, altitude, accuracyMetres }: Geopoint): string =>
  [latitude, longitude, altitude ?? 0, accuracyMetres ?? 0].join(' ')

/** Places with `;` between them, or a list: two for a line; three for an area, which is closed when it is not. */
function points(shape: AnswerShape, value: unknown): Parsed {
  const given = typeof value === 'string' ? value.normalize('NFKC').split(';') : value
  const list = Array.isArray(given) ? given.filter((one) => typeof one !== 'string' || one.trim() !== '') : []
  const places = list.map((one) => readGeopoint(one))
  const texts = places.flatMap((one) => (one ? geopointText(one) : []))
  const area = shape.kind === 'geoshape'
  if (area && texts.length > 2 && texts[0] !== texts.at(-1)) texts.push(texts[0]!)
  if (texts.length < places.length || texts.length < (area ? 4 : 2))
    return wrong(shape, value, `${area ? 'three' : 'two'} places or more, with ; between them`)
  return text(texts.join('; '))
}

function selectOne(shape: AnswerShape, value: unknown): Parsed {
  if (blank(value)) return ok({ type: 'list', list: [] })
  const given = typeof value === 'number' ? String(value) : value
  if (typeof given !== 'string') return wrong(shape, value, 'one choice')
  return known(shape, [given.trim()])
}

function choices(shape: AnswerShape, value: unknown): Parsed {
  if (blank(value)) return ok({ type: 'list', list: [] })
  const given = typeof value === 'string' ? value.trim().split(/\s+/) : value
  if (!Array.isArray(given) || given.some((one) => typeof one !== 'string' && typeof one !== 'number'))
    return wrong(shape, value, 'a list of choices')
  return known(shape, [...new Set(given.map(String))])
}

function ranked(shape: AnswerShape, value: unknown): Parsed {
  const parsed = choices(shape, value)
  if (!parsed.ok || parsed.value.type !== 'list') return parsed
  const { list } = parsed.value
  if (list.length > 0 && list.length < shape.choices.length)
    return wrong(shape, value, 'every choice, in order')
  return parsed
}

function known(shape: AnswerShape, list: readonly string[]): Parsed {
  const values = shape.choices.map((choice) => choice.value)
  const unknown = list.filter((one) => !values.includes(one))
  if (unknown.length === 0) return ok({ type: 'list', list })
  return fail({
    type: 'choice-unknown',
    reason: `no such choice: ${unknown.join(', ')}; the choices are ${values.join(', ')}`,
    given: unknown,
    choices: values,
  })
}

function tick(shape: AnswerShape, value: unknown): Parsed {
  if (blank(value) || value === false) return ok({ type: 'tick', ticked: false })
  return value === true || value === 'OK'
    ? ok({ type: 'tick', ticked: true })
    : wrong(shape, value, 'true or false')
}

/** A file in memory: `{name, mediaType, bytes}` or, in JSON, `{name, mediaType, base64}`. */
function upload(shape: AnswerShape, value: unknown): Parsed {
  if (blank(value)) return ok({ type: 'file', file: null })
  const { name, mediaType, bytes, base64, preview, previewBase64, width, height } = Object(value) as Readonly<
    Record<string, unknown>
  >
  const content = bytes instanceof Uint8Array ? bytes : typeof base64 === 'string' ? fromBase64(base64) : null
  if (
    typeof name !== 'string' ||
    !/^[^/\\\s][^/\\]*$/.test(name) ||
    typeof mediaType !== 'string' ||
    !content
  )
    return wrong(
      shape,
      typeof value === 'string' ? value : name,
      'a file: name, mediaType and bytes or base64',
    )
  const small =
    preview instanceof Uint8Array
      ? preview
      : typeof previewBase64 === 'string'
        ? fromBase64(previewBase64)
        : null
  const seen = small ? { preview: small } : {}
  const size = typeof width === 'number' && typeof height === 'number' ? { width, height } : {}
  return ok({ type: 'file', file: { name, mediaType, bytes: content, ...seen, ...size } })
}

function fromBase64(base64: string): Uint8Array | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(base64) ? new Uint8Array(Buffer.from(base64, 'base64')) : null
}
