import {
  categoryLabel,
  type HouseholdCard,
  type HouseholdRow,
  mindLabel,
  type ResidentRow,
  type Suggestion,
  type Value,
} from '@doorstep/core'
import { casesText } from './case-text.ts'
import { conflictsText } from './conflict-text.ts'
import { dailyText } from './device-text.ts'
import { type Language, say } from './language.ts'
import { movedWords } from './move-text.ts'
import { mismatchText } from './person-text.ts'
import { labelled, table } from './table.ts'
import { instantWords, lateWords, type Today } from './time.ts'
import { categoriesText, fieldLabel, shortId, valueText } from './value-text.ts'
import { visitsText } from './visit-text.ts'

export function householdsText(rows: readonly HouseholdRow[], now: Today): string {
  const { language } = now
  if (rows.length === 0) return say(language, ['没有住户。', 'No households.'])
  const head = [
    say(language, ['地址', 'Address']),
    say(language, ['住户', 'Household']),
    say(language, ['类别、标签', 'Categories, tags']),
    say(language, ['上次见到', 'Last met']),
    'id',
  ]
  return table(
    head,
    rows.map((row) => [
      row.address,
      row.name ?? '',
      groupsText(row, language),
      row.lastVisitAtMs === null ? '' : instantWords(row.lastVisitAtMs, now),
      shortId(row.id),
    ]),
  )
}

const groupsText = (
  of: { categories: readonly string[]; tags: readonly string[] },
  language: Language,
): string => [categoriesText(of.categories, language), ...of.tags].filter(Boolean).join(' · ')

/** What to mind first, then who lives there, what is open, the meters, the past. */
export function householdText(card: HouseholdCard, now: Today): string {
  const { language } = now
  const { household, next } = card
  const facts = Object.entries(household.fields).filter(([field]) => field !== 'dwelling')
  const part = (words: readonly [string, string], text: string) => `${say(language, words)}\n${text}`
  return [
    [
      household.address,
      groupsText(household, language),
      household.movedTo ? movedWords(household.movedTo.name, language) : household.grid?.name,
    ]
      .filter(Boolean)
      .join('  '),
    labelled([
      ['id', household.id],
      [
        say(language, ['当心事项', 'To mind']),
        household.minds.map((mind) => mindLabel(mind, language)).join(say(language, ['、', ', '])) || null,
      ],
      ...facts.map(
        ([field, value]) =>
          [fieldLabel('household', field, language), valueText('household', field, value, language)] as const,
      ),
      [
        say(language, ['下次', 'Next visit']),
        next && `${next.dueOn}  ${lateWords(next.overdueDays, language)}`,
      ],
    ]),
    card.residents.length > 0 && part(['住着', 'Residents'], residentsText(card.residents, language)),
    card.suggestions.length > 0 &&
      part(
        ['名册提示(由人决定)', 'The register suggests (somebody decides)'],
        suggestionsText(card, language),
      ),
    card.devices.length > 0 &&
      part(
        ['设备', 'Devices'],
        labelled(card.devices.map(({ fields, daily }) => [deviceName(fields, language), dailyText(daily)])),
      ),
    card.cases.length > 0 && part(['案件', 'Open cases'], casesText(card.cases, language)),
    card.conflicts.length > 0 && part(['两种说法', 'Conflicts'], conflictsText(card.conflicts, now)),
    part(['探访', 'Visits'], visitsText(card.visits, now)),
  ]
    .filter((text) => text !== false)
    .join('\n\n')
}

const BECAUSE: Readonly<Record<Suggestion['because'], readonly [string, string]>> = {
  'lives-alone': ['一个人住', 'lives alone'],
  'all-elderly': ['都满 60 岁', 'all are 60 or older'],
  'not-alone': ['不止一个人住', 'more than one lives there'],
  floating: ['有流动人口', 'somebody of the floating population'],
  'dwelling-rented': ['房屋出租', 'the dwelling is rented'],
  'dwelling-business': ['房屋经营用', 'the dwelling is a business'],
}

const suggestionsText = ({ suggestions }: HouseholdCard, language: Language): string =>
  suggestions
    .map(({ category, what, because, age }) => {
      const years = age === null ? '' : say(language, [`,${age} 岁`, `, ${age} years`])
      return `${what === 'add' ? '+' : '-'} ${categoryLabel(category, language)}  (${say(language, BECAUSE[because])}${years})`
    })
    .join('\n')

const deviceName = (fields: Readonly<Record<string, Value>>, language: Language): string =>
  [valueText('device', 'kind', fields.kind, language), fields.name, fields.address].filter(Boolean).join(' ')

export function residentsText(residents: readonly ResidentRow[], language: Language): string {
  const age = (years: number | null) =>
    years === null ? '' : say(language, [`${years} 岁`, `${years} years`])
  return table(
    [
      say(language, ['姓名', 'Name']),
      fieldLabel('residence', 'relation', language),
      say(language, ['年龄', 'Age']),
      fieldLabel('person', 'phone', language),
      fieldLabel('person', 'categories', language),
      '',
      '',
    ],
    residents.map(({ fields, relation, age: years, categories, present, state, mismatch }) => [
      String(fields.name ?? ''),
      valueText('residence', 'relation', relation, language),
      age(years),
      String(fields.phone ?? ''),
      categoriesText(categories, language),
      present
        ? ''
        : state === 'away' || state === 'nominal'
          ? valueText('residence', 'state', state, language)
          : say(language, ['不在住', 'not living here']),
      mismatch === null || mismatch === 'match' || mismatch === 'unknown'
        ? ''
        : mismatchText(mismatch, language),
    ]),
  )
}
