import { announcedDays, type KnownYear, type LoadedCalendar, type WorkDay } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'

/** Where the built-in holidays come from: stations with another version may count another year otherwise. */
export const announcedSource = () => {
  const { version, years } = announcedDays()
  return { package: 'chinese-days', version, lastYear: Math.max(...years) }
}

/** Said wherever a deadline rests on it: on a case, in the calendar, in the evening. */
export const unknownYearText = (years: readonly number[], language: Language): string =>
  say(language, [
    `还不知道 ${years.join('、')} 年的节假日:期限按普通周一至周五算;有了通知请写入:doorstep calendar load FILE`,
    `The holiday calendar of ${years.join(', ')} is not known yet: deadlines count plain weekdays; load a file with doorstep calendar load FILE`,
  ])

const SOURCES: Readonly<Record<'community' | 'announced' | 'none', () => Words>> = {
  community: () => ['社区写入', 'Loaded here'],
  announced: () => {
    const { version } = announcedSource()
    return [`国务院通知(内置 chinese-days ${version})`, `As announced (built in: chinese-days ${version})`]
  },
  none: () => ['未知', 'Not known'],
}

const sourceText = ({ source }: KnownYear, language: Language): string =>
  say(language, SOURCES[source ?? 'none']())

export function yearsText(years: readonly KnownYear[], language: Language): string {
  const unknown = years.filter(({ source }) => source === null).map(({ year }) => year)
  const rows = years.map((year) => [
    String(year.year),
    sourceText(year, language),
    year.named > 0 ? say(language, [`社区写入 ${year.named} 天`, `${year.named} days loaded here`]) : '',
  ])
  const head = [
    say(language, ['年份', 'Year']),
    say(language, ['节假日', 'Holidays']),
    say(language, ['另有', 'Besides']),
  ]
  return [table(head, rows), ...(unknown.length > 0 ? ['', unknownYearText(unknown, language)] : [])].join(
    '\n',
  )
}

export function calendarText(
  {
    known,
    days,
    hours,
  }: { readonly known: KnownYear; readonly days: readonly WorkDay[]; readonly hours: string },
  language: Language,
): string {
  const lines = [
    say(language, [
      `${known.year} 年:${sourceText(known, 'zh')}。工作时间 ${hours}。`,
      `${known.year}: ${sourceText(known, 'en')}. Working hours ${hours}.`,
    ]),
  ]
  if (days.length > 0)
    lines.push(
      table(
        [
          say(language, ['日期', 'Date']),
          say(language, ['类型', 'Kind']),
          say(language, ['名称', 'Name']),
          say(language, ['来自', 'From']),
        ],
        days.map(({ day, works, name, source }) => [
          day,
          say(language, works ? ['上班', 'worked'] : ['放假', 'off']),
          name ?? '',
          source === 'community' ? say(language, ['社区', 'here']) : '',
        ]),
      ),
    )
  if (known.source === null) lines.push(unknownYearText([known.year], language))
  return lines.join('\n')
}

export const loadedText = ({ years, hours }: LoadedCalendar, language: Language): string =>
  [
    ...years.map(({ year, off, on }) =>
      say(language, [
        `${year} 年:放假 ${off} 天,调休上班 ${on} 天。`,
        `${year}: ${off} days off, ${on} weekend days worked.`,
      ]),
    ),
    ...(hours === null ? [] : [say(language, [`工作时间 ${hours}。`, `Working hours ${hours}.`])]),
  ].join('\n')
