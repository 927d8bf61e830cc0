import type { DoorClaim, DueVisit, LabelledAnswer, Value, VisitRow } from '@doorstep/core'
import { taskText } from './device-life-text.ts'
import type { Language } from './language.ts'
import { say } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, lateWords, type Today } from './time.ts'
import { categoriesText, fieldLabel, shortId, valueText } from './value-text.ts'

/** What falls due, as one walks. */
export function dueText(
  due: readonly DueVisit[],
  claimsAt: (household: string) => readonly DoorClaim[],
  language: Language,
): string {
  if (due.length === 0) return say(language, ['没有到期的探访。', 'No visit is due.'])
  const late = due.filter((one) => one.overdueDays > 0).length
  const count = say(language, [
    `${due.length} 户${late > 0 ? `,逾期 ${late}` : ''}`,
    `${due.length} to visit${late > 0 ? `, ${late} late` : ''}`,
  ])
  const rows = due.map((one) => [
    one.address,
    one.name ?? '',
    lateWords(one.overdueDays, language),
    whyText(one, language),
    claimedText(claimsAt(one.household)),
    [one.mind, one.promise].filter(Boolean).join(' / '),
    shortId(one.household),
  ])
  const head = [
    say(language, ['地址', 'Address']),
    say(language, ['住户', 'Household']),
    say(language, ['到期', 'Due']),
    say(language, ['缘由', 'Why']),
    say(language, ['认领', 'Claimed by']),
    say(language, ['当心 / 答应过', 'Mind / promised']),
    'id',
  ]
  return `${count}\n${table(head, rows)}`
}

/** With a sign where two go there for the same thing. */
const claimedText = (claims: readonly DoorClaim[]): string =>
  [...new Set(claims.map(({ by }) => by.name))].join('、') + (claims.some(({ double }) => double) ? ' !' : '')

/** Why somebody goes there: a promise, the groups they belong to, else the rule's name; and knocks in vain so far. */
function whyText({ promised, policy, attempts, forDevice, tasks }: DueVisit, language: Language): string {
  const name = policy && (language === 'en' ? (policy.nameEn ?? policy.name) : policy.name)
  const visit = promised
    ? say(language, ['约好的', 'promised'])
    : forDevice
      ? ''
      : categoriesText(policy?.because ?? [], language) || (name ?? '')
  // What to bring along stands there too.
  const why = [visit, ...tasks.map((one) => taskText(one, language))]
    .filter(Boolean)
    .join(say(language, ['、', ', ']))
  return attempts > 0 ? `${why} ${say(language, [`无人 ${attempts} 次`, `tried ${attempts}×`])}` : why
}

export function visitsText(visits: readonly VisitRow[], now: Today): string {
  const { language } = now
  if (visits.length === 0) return say(language, ['还没有探访。', 'No visits yet.'])
  const rows = visits.map((visit) => [
    visit.on ?? '',
    visit.address,
    outcomeText(visit, language),
    visit.form ?? '',
    visit.by.name,
    visit.note ?? '',
    shortId(visit.id),
  ])
  const head = [
    say(language, ['日期', 'Day']),
    say(language, ['地址', 'Address']),
    say(language, ['结果', 'Outcome']),
    say(language, ['表单', 'Form']),
    say(language, ['谁', 'By']),
    say(language, ['备注', 'Note']),
    'id',
  ]
  return table(head, rows)
}

export const outcomeText = ({ outcome, contact, heard, withdrawn }: VisitRow, language: Language): string =>
  valueText('visit', 'outcome', outcome, language) +
  (contact === null || contact === 'resident'
    ? ''
    : ` · ${valueText('visit', 'contact', contact, language)}${heard ? say(language, [',有下落', ', heard of']) : ''}`) +
  (withdrawn === null ? '' : say(language, ['(已撤回)', ' (withdrawn)']))

export function visitText(
  visit: VisitRow,
  now: Today,
  asked: readonly LabelledAnswer[] | null = null,
): string {
  const { language } = now
  const label = (field: string) => fieldLabel('visit', field, language)
  const said = labelled([
    ['id', visit.id],
    [label('household'), `${visit.address}  ${visit.household}`.trim()],
    [label('on'), visit.on],
    [label('outcome'), outcomeText(visit, language)],
    [label('withdrawn'), visit.withdrawn],
    [label('mode'), valueText('visit', 'mode', visit.mode, language)],
    [label('form'), visit.form && `${visit.form} v${visit.formVersion ?? '?'}`],
    [label('answers'), asked === null ? answersText(visit.answers) : null],
    [label('note'), visit.note],
    [label('nextOn'), visit.nextOn],
    [say(language, ['谁', 'By']), `${visit.by.name}  ${instantWords(visit.atMs, now)}`],
    [
      '',
      visit.datedAhead ? say(language, ['日期晚于写下的那天', 'dated after the day it was written']) : null,
    ],
  ])
  return asked === null || asked.length === 0
    ? said
    : `${said}\n\n${table(
        [say(language, ['题', 'Question']), label('answers')],
        asked.map((one) => [one.label, one.text]),
      )}`
}

/** `gas.hose=ok electric.wiring=hazard …`: all of it, for one screen; JSON has the tree. */
function answersText(answers: Value): string | null {
  if (answers === null) return null
  if (typeof answers !== 'object') return String(answers)
  const lines: string[] = []
  const walk = (value: Value, path: string): void => {
    if (typeof value !== 'object' || value === null) lines.push(`${path}=${String(value)}`)
    else for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`)
  }
  walk(answers, '')
  return lines.join('  ')
}
