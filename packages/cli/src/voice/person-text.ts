import { definitionOf, type PersonCopy, type Projection, recordTypes } from '@doorstep/core'
import type { PersonCard } from '../station/person-card.ts'
import { type Language, say } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { categoriesText, fieldLabel, shortId, valueText } from './value-text.ts'

export function personText({ person, homes }: PersonCard, language: Language): string {
  const { id, categories, age, ...fields } = person
  const facts = labelled([
    ['id', id],
    ...Object.entries(fields).map(
      ([field, value]) =>
        [fieldLabel('person', field, language), valueText('person', field, value, language)] as const,
    ),
    [say(language, ['年龄', 'Age']), age === null ? null : String(age)],
    [fieldLabel('person', 'categories', language), categoriesText(categories, language)],
  ])
  const places = table(
    [say(language, ['住址', 'Home']), say(language, ['起', 'From']), say(language, ['止', 'To']), 'id'],
    homes.map((home) => [
      home.address,
      String(home.from ?? ''),
      String(home.to ?? ''),
      home.household ? shortId(home.household) : '',
    ]),
  )
  return homes.length > 0 ? `${facts}\n\n${places}` : facts
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
