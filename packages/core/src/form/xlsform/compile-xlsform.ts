/** From the sheets of an XLSForm to an ODK XForm. */
import type { Sheet } from '../../sheet/workbook.ts'
import { bodyOf } from './body.ts'
import { readLists } from './choices.ts'
import { CHOICE_TEXTS, CHOICES, SETTINGS, SETTINGS_TEXTS, SURVEY, SURVEY_TEXTS } from './columns.ts'
import type { Compilation } from './compilation.ts'
import { el, toXml } from './element.ts'
import { type Fault, Faults, type Place } from './fault.ts'
import { Itext } from './itext.ts'
import { modelOf } from './model.ts'
import { addOtherQuestions } from './or-other.ts'
import { References } from './references.ts'
import { type Secondary, secondaryInstances } from './secondary.ts'
import { readSettings } from './settings.ts'
import { itemsOf, readSurvey } from './survey.ts'
import { readTable, type Table } from './table.ts'
import { checkTranslations } from './translations.ts'

export type CompiledForm = {
  /** Null when some fault is blocking. */
  readonly xml: string | null
  readonly id: string
  readonly title: string
  readonly titles: Readonly<Record<string, string>>
  readonly version: string
  readonly faults: readonly Fault[]
  /** Files that it reads lists from, or shows, by name. */
  readonly files: readonly string[]
  /** Where in the workbook a node of the form stands, by its path without positions. */
  readonly places: ReadonlyMap<string, Place>
}

const NAMESPACES = {
  xmlns: 'http://www.w3.org/2002/xforms',
  'xmlns:h': 'http://www.w3.org/1999/xhtml',
  'xmlns:ev': 'http://www.w3.org/2001/xml-events',
  'xmlns:jr': 'http://openrosa.org/javarosa',
  'xmlns:odk': 'http://www.opendatakit.org/xforms',
  'xmlns:orx': 'http://openrosa.org/xforms',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}

/** `name` is the file's, without its ending: the form's id where the workbook does not say. */
export function compileXlsForm(sheets: readonly Sheet[], name: string): CompiledForm {
  const faults = new Faults()
  const find = (wanted: string) => sheets.find((sheet) => sheet.name.trim().toLowerCase() === wanted)
  // A workbook of one sheet need not say what it is.
  const surveySheet = find('survey') ?? (sheets.length === 1 ? sheets[0] : undefined)
  if (!surveySheet) {
    faults.add(
      'sheet-missing',
      { sheet: 'survey', row: null },
      'survey',
      sheets.map((sheet) => sheet.name),
    )
    return {
      xml: null,
      id: name,
      title: name,
      titles: {},
      version: '',
      faults: faults.list,
      files: [],
      places: new Map(),
    }
  }
  const read = (
    sheet: Sheet | undefined,
    aliases: Readonly<Record<string, string>>,
    texts: ReadonlySet<string>,
  ) => (sheet ? readTable(sheet, aliases, texts, faults) : null)
  const survey = read(surveySheet, SURVEY, SURVEY_TEXTS)!
  const choices = read(find('choices'), CHOICES, CHOICE_TEXTS)
  const external = read(find('external_choices'), CHOICES, CHOICE_TEXTS)
  requireColumns(survey, ['type', 'name'], faults)
  if (choices && choices.rows.length > 0) requireColumns(choices, ['list_name', 'name'], faults)
  if (find('entities')) faults.add('sheet-not-used', { sheet: 'entities', row: null }, 'entities')

  const settings = readSettings(read(find('settings'), SETTINGS, SETTINGS_TEXTS), name, faults)
  const { root, externals } = readSurvey(survey, settings.root, faults)
  const lists = new Map([
    ...(choices ? readLists(choices, settings.mayRepeatChoices, faults) : []),
    ...(external ? readLists(external, true, faults) : []),
  ])
  addOtherQuestions(root)
  const language = settings.defaultLanguage || 'default'
  const references = new References(root, faults)
  const compilation: Compilation = {
    root,
    lists,
    externals,
    settings,
    faults,
    references,
    itext: new Itext(language),
    expressions: [],
  }
  const body = bodyOf(compilation)
  const model = modelOf(compilation)
  const secondary = secondaryInstances(compilation)
  checkTranslations([survey, ...(choices ? [choices] : [])], language, faults)
  const isSound = !faults.list.some((fault) => fault.blocking)
  const own = Object.fromEntries(
    Object.entries(settings.namespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]),
  )
  const html = el(
    'h:html',
    { ...NAMESPACES, ...own },
    el(
      'h:head',
      {},
      el('h:title', {}, settings.title),
      el(
        'model',
        { 'odk:xforms-version': '1.0.0' },
        [compilation.itext.element()].filter((one) => one !== null),
        model.instance,
        secondary.map((one) => one.element),
        model.binds,
        model.actions,
      ),
    ),
    el('h:body', { class: settings.style || null }, body),
  )
  return {
    xml: isSound ? toXml(html) : null,
    id: settings.id,
    title: settings.title,
    titles: settings.titles,
    version: settings.version,
    faults: faults.list,
    files: filesOf(secondary, compilation.itext),
    places: new Map(
      [...itemsOf(root)].flatMap((item) => (item.row ? [[item.path, item.row.place()] as const] : [])),
    ),
  }
}

function requireColumns(table: Table, keys: readonly string[], faults: Faults): void {
  for (const key of keys)
    if (!table.columns.some((column) => column.key === key))
      faults.add('column-missing', { sheet: table.name, row: 1 }, key)
}

const filesOf = (secondary: readonly Secondary[], itext: Itext): string[] => [
  ...secondary.flatMap(({ file }) => (file === null ? [] : [file])),
  ...itext.files,
]
