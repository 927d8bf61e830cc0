import { type DayTally, definitionOf } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { labelled } from './table.ts'
import { lateWords } from './time.ts'

/** What a day came to, in words: for the workstation's evening and for `doorstep day`. */

/** Label and text, what came to nothing left out. */
export function tallyRows(tally: DayTally, language: Language): (readonly [label: string, text: string])[] {
  const said = (words: Words) => say(language, words)
  const { visits, cases, errands, diary } = tally
  const row = (label: Words, parts: readonly (string | null)[]) =>
    [said(label), parts.filter((part) => part !== null).join(said(['、', ', ']))] as const
  const some = (count: number, words: Words): string | null => (count > 0 ? said(words) : null)
  const choices = (field: 'outcome' | 'mode', counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${choiceLabel(field, name, language)} ${count}`)
  return [
    row(
      ['探访', 'Visits'],
      [said([`共 ${visits.count} 次`, `${visits.count} in all`]), ...choices('outcome', visits.outcomes)],
    ),
    row(
      ['方式', 'Modes'],
      [
        ...choices('mode', visits.modes),
        some(visits.forms, [`填表 ${visits.forms}`, `with a form ${visits.forms}`]),
        some(visits.asked.count, [
          `问邻居或联系人 ${visits.asked.count}(有下落 ${visits.asked.heard})`,
          `others asked ${visits.asked.count} (${visits.asked.heard} knew)`,
        ]),
      ],
    ),
    row(
      ['约好', 'Agreed'],
      [some(visits.promises, [`约了再来 ${visits.promises} 户`, `to come again at ${visits.promises}`])],
    ),
    row(
      ['案件', 'Cases'],
      [
        some(cases.opened, [`新开 ${cases.opened}`, `opened ${cases.opened}`]),
        some(cases.steps, [`走了 ${cases.steps} 步`, `steps ${cases.steps}`]),
        some(cases.ended, [`办结 ${cases.ended}`, `ended ${cases.ended}`]),
      ],
    ),
    row(
      ['代办', 'Errands'],
      [
        some(errands.opened, [`新接 ${errands.opened}`, `taken on ${errands.opened}`]),
        some(errands.steps, [`走了 ${errands.steps} 步`, `steps ${errands.steps}`]),
        some(errands.ended, [`办完 ${errands.ended}`, `ended ${errands.ended}`]),
        some(errands.live, [`手上 ${errands.live}`, `open ${errands.live}`]),
        some(errands.late, [`过期 ${errands.late}`, `late ${errands.late}`]),
        some(errands.owing, [
          `人家的东西在手上 ${errands.owing}`,
          `with something of theirs ${errands.owing}`,
        ]),
      ],
    ),
    row(
      ['日记', 'Diary'],
      [
        some(diary.written, [`写了 ${diary.written} 条`, `written ${diary.written}`]),
        some(diary.done, [`打勾 ${diary.done}`, `ticked ${diary.done}`]),
      ],
    ),
  ].filter(([, text]) => text !== '')
}

function choiceLabel(field: 'outcome' | 'mode', name: string, language: Language): string {
  const label = definitionOf('visit')?.fields[field]?.choices?.[name]
  return label ? say(language, label) : name
}

/** What a colleague did. */
export function newsText(
  { kind, what }: { readonly kind: 'visit' | 'case' | 'diary' | 'ticked'; readonly what: string | null },
  language: Language,
): string {
  switch (kind) {
    case 'visit':
      return choiceLabel('outcome', what ?? '', language)
    case 'case':
      return say(language, [`新案件:${what ?? ''}`, `new case: ${what ?? ''}`])
    case 'diary':
      return say(language, ['写了日记', 'wrote in the diary'])
    case 'ticked':
      return say(language, ['办好打勾', 'ticked what was to be done'])
  }
}

/** The whole of it, for `doorstep day`. */
export function dayText(tally: DayTally, onlyHere: number, language: Language): string {
  const said = (words: Words) => say(language, words)
  const { doors, open, tomorrow } = tally
  return labelled([
    [said(['日期', 'Day']), tally.on],
    [
      said(['待访', 'Doors']),
      said([
        `${doors.done}/${doors.due} 户见到或拒访、未遇 ${doors.tried}、没去 ${doors.left}`,
        `${doors.done} of ${doors.due} met or refused, nobody home ${doors.tried}, not gone to ${doors.left}`,
      ]),
    ],
    ...tallyRows(tally, language),
    ...open.map(
      (one, at) =>
        [
          at === 0 ? said(['没打勾', 'Unticked']) : '',
          [one.address, one.text, lateWords(one.overdueDays, language)].filter(Boolean).join('  '),
        ] as const,
    ),
    [
      said(['只在本机', 'Only here']),
      onlyHere === 0
        ? said(['没有', 'nothing'])
        : said([
            `${onlyHere} 条;同步:doorstep sync now,或带走:doorstep bundle write FILE`,
            `${onlyHere} entries; sync: doorstep sync now, or carry them: doorstep bundle write FILE`,
          ]),
    ],
    [
      said(['明天', 'Tomorrow']),
      tomorrow.count === 0
        ? said(['没有到期的', 'nothing due'])
        : said([
            `${tomorrow.count} 户,先去 ${tomorrow.first?.address ?? ''}`,
            `${tomorrow.count} doors, first ${tomorrow.first?.address ?? ''}`,
          ]),
    ],
  ])
}
