import {
  definitionOf,
  type MatchedBy,
  type Mismatch,
  type MismatchRow,
  type PersonCard,
  type PersonCopy,
  type PersonRow,
  type PersonWarning,
  type Projection,
  type ResidenceAct,
  recordTypes,
  type Value,
  type WhereState,
} from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { categoriesText, fieldLabel, shortId, valueText } from './value-text.ts'

const STATES: Readonly<Record<WhereState, Words>> = {
  present: ['在住', 'lives here'],
  away: ['外出', 'away'],
  nominal: ['空挂', 'registered only'],
  gone: ['已搬走', 'moved out'],
  died: ['已去世', 'died'],
  nowhere: ['没有住处', 'no home known'],
}
export const whereText = (state: WhereState, language: Language): string => say(language, STATES[state])

const ACTS: Readonly<Record<ResidenceAct, Words>> = {
  'moved-in': ['迁入', 'moved in'],
  'moved-out': ['搬走', 'moved out'],
  away: ['外出', 'went away'],
  returned: ['回来', 'came back'],
  nominal: ['空挂', 'registered only'],
  died: ['去世', 'died'],
  corrected: ['更正', 'corrected'],
}
export const actText = (act: ResidenceAct, language: Language): string => say(language, ACTS[act])

const MATCHED: Readonly<Record<MatchedBy, Words>> = {
  door: ['', ''],
  name: ['', ''],
  'other-name': ['合并前的名字', 'by a name of before'],
  spelling: ['拼音', 'by pinyin'],
  tag: ['类别或标签', 'by category or tag'],
  phone: ['电话', 'by phone'],
  address: ['地址', 'by address'],
  typo: ['差一个字母', 'one letter off'],
}
/** By what it was found, where that is not to be seen. */
export const matchedText = (why: MatchedBy, language: Language): string => say(language, MATCHED[why])

const MISMATCHES: Readonly<Record<Mismatch['state'], Words>> = {
  match: ['人户一致', 'lives where registered'],
  unregistered: ['人在户不在', 'lives here, registered elsewhere'],
  absent: ['户在人不在', 'registered here, lives elsewhere'],
  unknown: ['户籍不清', 'registration unknown'],
}
export const mismatchText = (state: Mismatch['state'], language: Language): string =>
  say(language, MISMATCHES[state])

const WARNINGS: Readonly<Record<PersonWarning['warning'], Words>> = {
  'id-says-other-birth': ['和身份证号里的出生日期不一样', 'differs from the birth date inside the ID number'],
  'id-says-other-gender': ['和身份证号里的性别不一样', 'differs from the gender inside the ID number'],
  'birth-ahead': ['还没到这一天', 'lies ahead'],
  'age-unlikely': ['没有人活到这个岁数', 'nobody has reached that age'],
  'phone-unusual': ['不像这里能拨的号码', 'is no number that is dialled here'],
}

/** Things to look at again; all of it is saved as it was written. */
export const warningsText = (
  type: 'person' | 'household',
  warnings: readonly PersonWarning[],
  language: Language,
): string =>
  warnings
    .map(({ warning, field }) => {
      const label = fieldLabel(type, field, language)
      return say(language, [
        `请再看一眼:${label}${WARNINGS[warning][0]}`,
        `Look again: ${label} ${WARNINGS[warning][1]}`,
      ])
    })
    .join('\n')

const ageText = (age: number | null, language: Language): string =>
  age === null ? '' : say(language, [`${age} 岁`, `${age} years`])

export function peopleText(people: readonly PersonRow[], language: Language): string {
  if (people.length === 0) return say(language, ['没有人。', 'Nobody.'])
  return table(
    [
      say(language, ['姓名', 'Name']),
      say(language, ['住址', 'Home']),
      say(language, ['状态', 'State']),
      fieldLabel('residence', 'relation', language),
      say(language, ['年龄', 'Age']),
      fieldLabel('person', 'categories', language),
      'id',
    ],
    people.map((row) => [
      row.name ?? '',
      row.address,
      whereText(row.state, language),
      valueText('residence', 'relation', row.relation, language),
      ageText(row.age, language),
      categoriesText(row.categories, language),
      shortId(row.id),
    ]),
  )
}

export const mismatchesText = (
  rows: readonly (MismatchRow & { readonly name: Value; readonly address: string })[],
  language: Language,
): string =>
  rows.length === 0
    ? say(language, ['没有人户不一致的。', 'Everybody lives where they are registered, as far as is known.'])
    : table(
        [say(language, ['姓名', 'Name']), say(language, ['住址', 'Home']), '', 'id'],
        rows.map((row) => [
          String(row.name ?? ''),
          row.address,
          mismatchText(row.state, language),
          shortId(row.person),
        ]),
      )

export function personText({ person, homes, history, bases, warnings }: PersonCard, now: Today): string {
  const { language } = now
  const { id, fields, categories, age, state } = person
  const facts = labelled([
    ['id', id],
    ...Object.entries(fields).map(
      ([field, value]) =>
        [fieldLabel('person', field, language), valueText('person', field, value, language)] as const,
    ),
    [say(language, ['年龄', 'Age']), age === null ? null : String(age)],
    [say(language, ['状态', 'State']), whereText(state, language)],
    [fieldLabel('person', 'categories', language), categoriesText(categories, language)],
    ...bases.map(
      (basis) =>
        [
          say(language, ['依据', 'Basis']),
          [categoriesText(basis.categories, language), basis.document, basis.saidBy, basis.on, basis.by.name]
            .filter(Boolean)
            .join('  '),
        ] as const,
    ),
  ])
  const places = table(
    [
      say(language, ['住址', 'Home']),
      say(language, ['起', 'From']),
      say(language, ['止', 'To']),
      say(language, ['状态', 'State']),
      '',
      'id',
    ],
    homes.map((home) => [
      home.address,
      String(home.from ?? ''),
      String(home.to ?? ''),
      home.withdrawn
        ? say(language, ['已撤回', 'withdrawn'])
        : valueText('residence', 'state', home.state, language),
      home.mismatch ? mismatchText(home.mismatch.state, language) : '',
      home.household ? shortId(home.household) : '',
    ]),
  )
  const past = table(
    [
      say(language, ['日期', 'Day']),
      '',
      say(language, ['住址', 'Home']),
      '',
      say(language, ['谁记的', 'By']),
    ],
    history.map((row) => [
      row.on,
      actText(row.act, language) + (row.undone ? say(language, ['(已撤回)', ' (taken back)']) : ''),
      row.address,
      [row.destination, row.reason].filter(Boolean).join('  '),
      `${row.by.name} ${instantWords(row.atMs, now)}`,
    ]),
  )
  return [
    facts,
    warnings.length > 0 && warningsText('person', warnings, language),
    homes.length > 0 && places,
    history.length > 0 && past,
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** What is held about one person, for paper: every field of every record, under the names that people use. */
export function copyText({ records }: PersonCopy, now: Today): string {
  const { language } = now
  const head = say(language, ['我们掌握的您的全部信息', 'All that is held about you'])
  return [head, now.today, ...records.map((record) => recordText(record, now))].join('\n\n')
}

function recordText({ id, type, fields, sets, timelines, createdAt }: Projection, now: Today): string {
  const { language } = now
  const definition = definitionOf(type)
  const title = definition ? say(language, definition.label) : type
  return `${title}  ${id}  ${instantWords(createdAt, now)}\n${labelled([
    ...Object.entries(fields).map(
      ([field, value]) =>
        [fieldLabel(type, field, language), valueText(type, field, value, language)] as const,
    ),
    ...Object.entries(sets).map(
      ([name, elements]) => [fieldLabel(type, name, language), categoriesText(elements, language)] as const,
    ),
    ...Object.entries(timelines).flatMap(([name, items]) =>
      items.map(
        ({ at, value }) =>
          [
            timelineLabel(type, name, language),
            `${instantWords(at, now)}  ${JSON.stringify(value)}`,
          ] as const,
      ),
    ),
  ])}`
}

function timelineLabel(type: string, name: string, language: Language): string {
  const label = type in recordTypes ? definitionOf(type)?.timelines?.[name]?.label : undefined
  return label ? say(language, label) : name
}
