/**
 * The code on a printed sheet: twelve characters that say which household, form, version and printing it is, on any
 * station that holds the household, without a list of sheets anywhere. It is a hash: it tells nobody else anything.
 */
import { sha256 } from '../crypto/hash.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { addDays, daysBetween } from './day.ts'
import { isStanding } from './due.ts'
import { type Author, authorOf } from './lookups.ts'
import type { RecordSet } from './record-set.ts'

/** Without what is misread (I L O U V). 31 is a prime, so one check character finds every slip of one and every swap. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTWXYZ'
const BASE = BigInt(ALPHABET.length)
const LENGTH = 12
/** 54 bits, which eleven characters hold. Of 100,000 households one in 1300 shares its number with another. */
const HOUSEHOLD_BITS = 27n
const FORM_BITS = 14n
const DAY_BITS = 11n
const COPY_BITS = 2n
/** Sheets of one household and form that are printed on one day and still told apart. */
export const MOST_COPIES = 1 << Number(COPY_BITS)
/** Days after which a printing day comes round again: five years and a half. */
const DAYS = 1 << Number(DAY_BITS)
const EPOCH = '1970-01-01'

export type FormVersion = { readonly id: string; readonly version: string }

export type SheetPrinted = {
  readonly community: string
  /** Null for a blank sheet: which household it is for is asked when it is typed in. */
  readonly household: string | null
  readonly form: FormVersion
  /** YYYY-MM-DD */
  readonly printedOn: string
  /** From 0, below MOST_COPIES. */
  readonly copy?: number
}

/** What a code says by itself. */
export type SheetCode = {
  /** Twelve characters; `codeText` groups them. */
  readonly code: string
  /** 0 for a blank sheet. */
  readonly household: bigint
  readonly form: bigint
  readonly day: number
  readonly copy: number
}

export type PrintedSheet = {
  readonly code: string
  /** Households it may be: one; none for a blank sheet; two in the rare case that they share a number. */
  readonly households: readonly string[]
  readonly blank: boolean
  readonly form: FormVersion
  readonly printedOn: string
  readonly copy: number
  /** Visits that this very sheet was typed in as, the earliest first. */
  readonly typedIn: readonly TypedIn[]
}
export type TypedIn = {
  readonly visit: string
  readonly household: string
  readonly on: string | null
  readonly by: Author
  readonly atMs: number
}

export type SheetProblem = Problem & {
  readonly type:
    | 'sheet-code-shape'
    /** A character is wrong: the check does not come out. */
    | 'sheet-code-mistyped'
    /** Nobody here has this number: another grid's or community's, erased, or not here yet. */
    | 'sheet-household-unknown'
    /** The form, or this version of it, is not here. */
    | 'sheet-form-unknown'
}

const numberOf = (bits: bigint, ...words: readonly string[]): bigint => {
  let value = 0n
  for (const byte of sha256('doorstep/sheet/1', ...words).subarray(0, 8)) value = (value << 8n) | BigInt(byte)
  return value >> (64n - bits)
}
/** Never 0, which stands for none. */
const householdNumber = (community: string, household: string): bigint =>
  numberOf(HOUSEHOLD_BITS, community, household) || 1n
const formNumber = (community: string, { id, version }: FormVersion): bigint =>
  numberOf(FORM_BITS, community, id, version)

export function sheetCode({ community, household, form, printedOn, copy = 0 }: SheetPrinted): string {
  if (copy < 0 || copy >= MOST_COPIES) throw new Error(`copy ${copy} of a sheet has no number`)
  const day = BigInt(daysBetween(EPOCH, printedOn) % DAYS)
  let value = household === null ? 0n : householdNumber(community, household)
  value = (value << FORM_BITS) | formNumber(community, form)
  value = (((value << DAY_BITS) | day) << COPY_BITS) | BigInt(copy)
  let data = ''
  for (let at = 0; at < LENGTH - 1; at++) {
    data = ALPHABET[Number(value % BASE)]! + data
    value /= BASE
  }
  return data + ALPHABET[(ALPHABET.length - checkSum(data)) % ALPHABET.length]!
}

/** Every place has a weight of its own; the check character's is 1. */
function checkSum(text: string): number {
  let sum = 0
  for (const [at, letter] of [...text].entries()) sum += (LENGTH - at) * ALPHABET.indexOf(letter)
  return sum % ALPHABET.length
}

/** `7K3M-20QX-8HTR` */
export const codeText = (code: string): string => code.match(/.{1,4}/g)?.join('-') ?? code
/** What a scanner types: with letters before it that no name has. */
export const codeInQr = (code: string): string => `DS:${code}`

/** As people type it: with or without dashes, spaces and `DS:`, in small letters, full-width, O for 0. */
export function parseSheetCode(text: string): Result<SheetCode, SheetProblem> {
  const code = text
    .normalize('NFKC')
    .toUpperCase()
    .trim()
    .replace(/^DS\s*[:-]?\s*/, '')
    .replaceAll(/[\s‐-―_-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  if (code.length !== LENGTH || [...code].some((letter) => !ALPHABET.includes(letter)))
    return fail({ type: 'sheet-code-shape', length: code.length, wanted: LENGTH })
  if (checkSum(code) !== 0) return fail({ type: 'sheet-code-mistyped', code: codeText(code) })
  let value = 0n
  for (const letter of code.slice(0, -1)) value = value * BASE + BigInt(ALPHABET.indexOf(letter))
  const take = (bits: bigint) => {
    const low = value & ((1n << bits) - 1n)
    value >>= bits
    return low
  }
  const copy = Number(take(COPY_BITS))
  const day = Number(take(DAY_BITS))
  const form = take(FORM_BITS)
  return value < 1n << HOUSEHOLD_BITS
    ? ok({ code, household: value, form, day, copy })
    : fail({ type: 'sheet-code-mistyped', code: codeText(code) })
}

/** Whether somebody means a sheet and no name: a scanner's prefix, or twelve characters with a figure that check. */
export const looksLikeSheet = (text: string): boolean =>
  /^\s*ds\s*:/i.test(text.normalize('NFKC')) || (/\d/.test(text) && parseSheetCode(text).ok)

/** Finds what a code means here. `forms`: every version that can still be filled in, old ones too. */
export function findSheet(
  set: RecordSet,
  text: string,
  {
    community,
    forms,
    today,
  }: { readonly community: string; readonly forms: readonly FormVersion[]; readonly today: string },
): Result<PrintedSheet, SheetProblem> {
  const parsed = parseSheetCode(text)
  if (!parsed.ok) return parsed
  const { code, household, day, copy } = parsed.value
  const printedOn = dayBefore(day, today)
  const blank = household === 0n
  const households: string[] = []
  if (!blank)
    for (const { id } of set.ofType('household'))
      if (householdNumber(community, id) === household) households.push(id)
  if (!blank && households.length === 0)
    return fail({ type: 'sheet-household-unknown', code: codeText(code), printedOn })
  const form = forms.find((one) => formNumber(community, one) === parsed.value.form)
  if (!form)
    return fail({
      type: 'sheet-form-unknown',
      code: codeText(code),
      printedOn,
      forms: forms.map(({ id, version }) => `${id} v${version}`),
    })
  return ok({ code, households, blank, form, printedOn, copy, typedIn: typedIn(set, code, households) })
}

/** The latest such day that is not to come; a day of grace for clocks. */
function dayBefore(day: number, today: string): string {
  const latest = daysBetween(EPOCH, today) + 1
  return addDays(EPOCH, latest - ((((latest - day) % DAYS) + DAYS) % DAYS))
}

function typedIn(set: RecordSet, code: string, households: readonly string[]): readonly TypedIn[] {
  const visits: Iterable<Projection> =
    households.length > 0
      ? households.flatMap((id) => set.referring('visit', 'household', id))
      : set.ofType('visit')
  return [...visits]
    .filter((visit) => visit.fields.sheet === code && isStanding(visit))
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    .map((visit) => ({
      visit: visit.id,
      household: String(visit.fields.household),
      on: typeof visit.fields.on === 'string' ? visit.fields.on : null,
      by: authorOf(set, visit.createdBy),
      atMs: visit.createdAt,
    }))
}
