import { codeText, formById, type PrintedSheet, type RecordSet, titleOf } from '@doorstep/core'
import { type Language, say } from './language.ts'
import { labelled } from './table.ts'
import { instantWords, type Today } from './time.ts'

export type SheetFacts = {
  readonly households: readonly { readonly id: string; readonly title: string }[]
  readonly formTitle: string
}

export const sheetFacts = (set: RecordSet, sheet: PrintedSheet, language: Language): SheetFacts => ({
  households: sheet.households.map((id) => ({ id, title: titleOf(set, set.get(id)!, language) })),
  formTitle: formById(sheet.form.id)?.title[language] ?? sheet.form.id,
})

/** What a code means, before anything is typed in. */
export function sheetFoundText(
  sheet: PrintedSheet,
  { households, formTitle }: SheetFacts,
  now: Today,
): string {
  const { language } = now
  const code = codeText(sheet.code)
  const facts = labelled([
    [say(language, ['编号', 'Code']), code],
    [
      say(language, ['住户', 'Household']),
      sheet.blank
        ? say(language, ['空白表,填的时候再定', 'a blank sheet: to be said when it is typed in'])
        : households.map(({ title }) => title).join(say(language, [' 或 ', ' or '])),
    ],
    [say(language, ['表单', 'Form']), `${formTitle} v${sheet.form.version}`],
    [say(language, ['印于', 'Printed on']), sheet.printedOn],
    ...sheet.typedIn.map(
      ({ by, on, atMs }) =>
        [
          say(language, ['已填过', 'Typed in']),
          say(language, [
            `${by.name} ${instantWords(atMs, now)} 填的,探访日期 ${on ?? '?'}`,
            `by ${by.name} ${instantWords(atMs, now)}, as of ${on ?? '?'}`,
          ]),
        ] as const,
    ),
  ])
  const next = say(language, [
    `填进来:doorstep visit paper ${code} --answers FILE --on 年-月-日;在工作站里按 / 输入编号`,
    `To type it in: doorstep visit paper ${code} --answers FILE --on YYYY-MM-DD; in the workstation press / and type the code`,
  ])
  return `${facts}\n\n${next}`
}
