/** Texts that one language has and another lacks. */
import type { Faults } from './fault.ts'
import type { Table } from './table.ts'

const CHECKED = ['label', 'hint', 'constraint_message', 'required_message'] as const

export function checkTranslations(tables: readonly Table[], defaultLanguage: string, faults: Faults): void {
  const name = (language: string) => language || defaultLanguage
  const languages = new Set(
    tables.flatMap(({ columns }) =>
      columns.filter(({ key }) => key === 'label').map(({ language }) => name(language)),
    ),
  )
  if (languages.size < 2) return
  for (const { rows } of tables)
    for (const row of rows)
      for (const key of CHECKED) {
        const has = new Set([...row.texts(key).keys()].map(name))
        if (has.size === 0) continue
        for (const language of languages)
          if (!has.has(language))
            faults.add('translation-missing', row.place(`${key}::${language}`), row.get('name'), [language])
      }
}
