/** The quarterly review as a table, and one device of it in sentences. */
import {
  addressOf,
  addressText,
  type DeviceReview,
  type RecordSet,
  type ReviewReason,
  reviewChoices,
  sayers,
} from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { roleWords } from './role-words.ts'
import { labelled, table } from './table.ts'
import { shortId, valueText } from './value-text.ts'

export const reviewHome = (set: RecordSet, { dwelling }: DeviceReview, language: Language): string =>
  addressText(addressOf(set, set.getA('dwelling', dwelling)), language)

const percent = (value: number | null): string => (value === null ? '–' : `${value} %`)

export function reviewsText(
  set: RecordSet,
  reviews: readonly DeviceReview[],
  quarter: string,
  language: Language,
): string {
  const said = (words: Words) => say(language, words)
  if (reviews.length === 0)
    return said([`${quarter} 没有在用的设备。`, `No device was in use in ${quarter}.`])
  const rows = reviews.map((one) => [
    reviewHome(set, one, language),
    deviceWords(one, language),
    percent(one.figures.onlinePercent),
    falseWords(one),
    String(one.figures.complaints.length),
    ageWords(one, language),
    one.figures.yuanPerMonth === null ? '–' : String(one.figures.yuanPerMonth),
    said(reviewChoices[one.proposal.choice]),
    decisionWords(one, language),
    shortId(one.device),
  ])
  const undecided = reviews.filter(({ decision }) => decision === null).length
  return [
    said([
      `${quarter}:${reviews.length} 台,${undecided} 台还没有决定`,
      `${quarter}: ${reviews.length} devices, ${undecided} not decided yet`,
    ]),
    table(
      [
        said(['在哪', 'Where']),
        said(['设备', 'Device']),
        said(['在线', 'Online']),
        said(['误报/报警', 'False/alarms']),
        said(['投诉', 'Complaints']),
        said(['在用', 'In use']),
        said(['元/月', 'Yuan/month']),
        said(['建议', 'Proposed']),
        said(['决定', 'Decided']),
        'id',
      ],
      rows,
    ),
  ].join('\n')
}

export const deviceWords = ({ kind, name }: DeviceReview, language: Language): string =>
  [valueText('device', 'kind', kind, language), name].filter(Boolean).join(' ')

export const falseWords = ({ figures: { falseAlarms, alarms } }: DeviceReview): string =>
  alarms === 0 ? '0' : `${falseAlarms}/${alarms}`

export function ageWords({ figures: { monthsInUse, expired } }: DeviceReview, language: Language): string {
  const age = monthsInUse === null ? '–' : say(language, [`${monthsInUse} 月`, `${monthsInUse} mo`])
  return expired ? `${age} ${say(language, ['!到期', '!expired'])}` : age
}

export function decisionWords({ decision, retiredOn }: DeviceReview, language: Language): string {
  if (decision === null)
    return retiredOn === null ? '' : say(language, [`已停用 ${retiredOn}`, `retired ${retiredOn}`])
  const disputed = decision.disputed ? say(language, [' !两种决定', ' !two decisions']) : ''
  return `${say(language, reviewChoices[decision.choice])}${disputed}`
}

export function reasonWords({ because, found, limit }: ReviewReason, language: Language): string {
  const words: Readonly<Record<ReviewReason['because'], Words>> = {
    expired: [`${found} 到期`, `it expired on ${found}`],
    'resident-asks': [
      `住户这样要求${found ? `:“${found}”` : ''}`,
      `the resident asks for it${found ? `: "${found}"` : ''}`,
    ],
    online: [`在线 ${found} %,标准 ${limit} %`, `online ${found} %, the norm is ${limit} %`],
    'false-alarms': [`误报 ${found} %,标准 ${limit} %`, `${found} % false alarms, the norm is ${limit} %`],
    complaints: [`投诉 ${found} 件,标准 ${limit} 件`, `${found} complaints, the norm is ${limit}`],
  }
  return say(language, words[because])
}

export function reviewText(set: RecordSet, one: DeviceReview, language: Language): string {
  const said = (words: Words) => say(language, words)
  const { figures, proposal, says, decision } = one
  const roles = figures.usedBy.map(({ role, answers }) =>
    said([`${roleWords(role)[0]}答复 ${answers} 次`, `${roleWords(role)[1]} answered ${answers}×`]),
  )
  const used = [
    ...roles,
    ...(figures.cases.length > 0
      ? [said([`案件 ${figures.cases.length} 件`, `${figures.cases.length} cases`])]
      : []),
    ...(figures.sheetsPrinted > 0
      ? [said([`给住户印单 ${figures.sheetsPrinted} 次`, `sheets printed ${figures.sheetsPrinted}×`])]
      : []),
  ]
  return [
    `${reviewHome(set, one, language)}  ${deviceWords(one, language)}  ${one.quarter}  ${shortId(one.device)}`,
    labelled([
      [
        said(['在线', 'Online']),
        figures.daysHeard === null
          ? said(['不联网', 'it is not read'])
          : said([
              `${percent(figures.onlinePercent)}(${figures.days} 天里 ${figures.daysHeard} 天)`,
              `${percent(figures.onlinePercent)} (${figures.daysHeard} of ${figures.days} days)`,
            ]),
      ],
      [
        said(['报警', 'Alarms']),
        said([
          `${figures.alarms} 次,有结论 ${figures.answered},误报 ${figures.falseAlarms}${figures.falsePercent === null ? '(太少,不算率)' : `(${figures.falsePercent} %)`},属实 ${figures.trueAlarms}`,
          `${figures.alarms}, ${figures.answered} judged, ${figures.falseAlarms} false${figures.falsePercent === null ? ' (too few for a share)' : ` (${figures.falsePercent} %)`}, ${figures.trueAlarms} true`,
        ]),
      ],
      [
        said(['谁用了', 'Used by']),
        used.length === 0 ? said(['没有人', 'nobody']) : used.join(said([';', '; '])),
      ],
      [
        said(['投诉', 'Complaints']),
        figures.complaints.length === 0
          ? '0'
          : `${figures.complaints.length}  ${figures.complaints.map(shortId).join(' ')}`,
      ],
      [
        said(['费用', 'Cost']),
        figures.priceYuan === null
          ? said(['没有写价格', 'no price is written down'])
          : said([
              `${figures.priceYuan} 元${figures.yuanPerMonth === null ? '' : `,每月 ${figures.yuanPerMonth} 元`}${figures.paidBy ? `,${valueText('device', 'paidBy', figures.paidBy, 'zh')}出` : ''}`,
              `${figures.priceYuan} yuan${figures.yuanPerMonth === null ? '' : `, ${figures.yuanPerMonth} a month`}${figures.paidBy ? `, paid by the ${valueText('device', 'paidBy', figures.paidBy, 'en').toLowerCase()}` : ''}`,
            ]),
      ],
      [
        said(['在用', 'In use']),
        [
          ageWords(one, language),
          figures.expiresOn === null
            ? ''
            : said([`寿命到 ${figures.expiresOn}`, `its life ends on ${figures.expiresOn}`]),
        ]
          .filter(Boolean)
          .join(said([',', ', '])),
      ],
      ...says.map(
        (word) =>
          [
            `${said(sayers[word.from])}${said(['说', ' says'])}`,
            [
              word.wants === 'undecided' ? said(['没有主意', 'undecided']) : said(reviewChoices[word.wants]),
              word.words,
              `(${word.by.name})`,
            ]
              .filter(Boolean)
              .join('  '),
          ] as const,
      ),
      ...(says.length === 0
        ? [[said(['住户说', 'Resident says']), said(['还没有问', 'not asked yet'])] as const]
        : []),
      [
        said(['建议', 'Proposed']),
        [
          said(reviewChoices[proposal.choice]),
          ...proposal.reasons.map((reason) => reasonWords(reason, language)),
        ].join('  '),
      ],
      [
        said(['决定', 'Decided']),
        decision === null
          ? said(['还没有(站长决定)', 'not yet; it is for the chief to say'])
          : `${decisionWords(one, language)}  ${decision.why}  (${decision.by.name})`,
      ],
    ]),
  ].join('\n')
}
