/** The sheet `settings`: one row of what holds for the form as a whole. */
import type { Faults } from './fault.ts'
import { NAME } from './survey.ts'
import type { Row, Table } from './table.ts'

export type Settings = {
  readonly row: Row | null
  readonly id: string
  readonly title: string
  /** By language, from columns such as `form_title::中文`. */
  readonly titles: Readonly<Record<string, string>>
  readonly version: string
  /** Name of the outermost node. */
  readonly root: string
  readonly defaultLanguage: string
  readonly style: string
  readonly instanceName: string
  readonly mayRepeatChoices: boolean
  /** Prefix → namespace, as the author declares them. */
  readonly namespaces: Readonly<Record<string, string>>
  readonly attributes: readonly (readonly [string, string])[]
}

/** Said to servers and phones; a form that travels with the data is neither sent nor encrypted by itself. */
const NOT_USED = ['public_key', 'submission_url', 'auto_send', 'auto_delete', 'instance_xmlns']

/** `name`: what the form is called where the sheet does not say, from the file. */
export function readSettings(table: Table | null, name: string, faults: Faults): Settings {
  const row = table?.rows[0] ?? null
  const get = (key: string) => row?.get(key) ?? ''
  for (const key of NOT_USED) if (row && get(key) !== '') faults.add('setting-not-used', row.place(key), key)
  const root = get('name') || 'data'
  if (row && !NAME.test(root)) faults.add('name-invalid', row.place('name'), root)
  const id = get('form_id') || name
  const titles = row?.texts('form_title') ?? new Map<string, string>()
  return {
    row,
    id,
    title: titles.get('') ?? titles.get(get('default_language')) ?? [...titles.values()][0] ?? id,
    titles: Object.fromEntries([...titles].filter(([language]) => language !== '')),
    version: get('version'),
    root: NAME.test(root) ? root : 'data',
    defaultLanguage: get('default_language'),
    style: get('style'),
    instanceName: row?.expression('instance_name') ?? '',
    mayRepeatChoices: /^(yes|true|1)/i.test(get('allow_choice_duplicates')),
    namespaces: Object.fromEntries(
      [...get('namespaces').matchAll(/([\w.-]+)\s*=\s*["']([^"']+)["']/g)].map(([, prefix, uri]) => [
        prefix!,
        uri!,
      ]),
    ),
    attributes: row?.under('attribute') ?? [],
  }
}
