import {
  codeText,
  type FormVersion,
  findSheet,
  looksLikeSheet,
  type RecordSet,
  titleOf,
} from '@doorstep/core'
import { type Language, say, type Words } from '../../voice/language.ts'
import { wordingOf } from '../../voice/problems.ts'

/** What a typed or scanned code means: a sheet that can be typed in, or words that say why not. */
export type SheetFound =
  | {
      readonly type: 'sheet'
      readonly code: string
      readonly household: string
      readonly address: string
      readonly form: string
      readonly version: string
      readonly formTitle: string
      readonly printedOn: string
      /** Who typed it in before, and as of which day. */
      readonly before: { readonly by: string; readonly on: string } | null
    }
  | { readonly type: 'no-sheet'; readonly words: Words }

export function sheetTyped(
  set: RecordSet,
  text: string,
  {
    community,
    forms,
    day,
    language,
  }: {
    readonly community: string
    /** Every version that can be filled in. */
    readonly forms: () => readonly (FormVersion & { readonly title: string })[]
    readonly day: string
    readonly language: Language
  },
): SheetFound | null {
  if (!looksLikeSheet(text)) return null
  const known = forms()
  const found = findSheet(set, text, { community, forms: known, today: day })
  if (!found.ok) {
    // Twelve letters may be a name all the same; with the scanner's prefix they are a sheet.
    if (found.problem.type === 'sheet-household-unknown' && !/^\s*ds/i.test(text)) return null
    const [zh, en] = (['zh', 'en'] as const).map((one) => wordingOf(found.problem, one).message)
    return { type: 'no-sheet', words: [zh!, en!] }
  }
  const { code, households, blank, form, printedOn, typedIn } = found.value
  const [household, other] = households
  if (household === undefined || other !== undefined)
    return {
      type: 'no-sheet',
      words: blank
        ? [
            '空白表:先走到那一户,v 填表,M 选“纸面”',
            'A blank sheet: go to its door first, v for the form, M for "on paper"',
          ]
        : [
            '两户同号:看纸上的地址,走到那一户,v 填表,M 选“纸面”',
            'Two households share this number: go to the door the sheet names, v, then M for "on paper"',
          ],
    }
  const first = typedIn[0]
  return {
    type: 'sheet',
    code,
    household,
    address: titleOf(set, set.get(household)!, language),
    form: form.id,
    version: form.version,
    formTitle: known.find((one) => one.id === form.id && one.version === form.version)?.title ?? form.id,
    printedOn,
    before: first ? { by: first.by.name, on: first.on ?? '?' } : null,
  }
}

export const sheetLine = (found: SheetFound, language: Language): string =>
  found.type === 'no-sheet'
    ? say(language, found.words)
    : `${codeText(found.code)}  ${found.address}  ${found.formTitle}`
