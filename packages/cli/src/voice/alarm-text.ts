import {
  type AlarmAnswerRow,
  type AlarmCard,
  type AlarmChain,
  type AlarmMeasure,
  type AlarmNext,
  type AlarmRow,
  alarmDeedLabel,
  alarmMeansLabel,
  alarmVerdictLabel,
  type Improvement,
  type Spread,
  signals,
} from '@doorstep/core'
import { type Language, plural, say, type Words } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, isoTime, isoTimeOrNull, type Today } from './time.ts'
import { shortId, valueText } from './value-text.ts'

const URGENCIES: Readonly<Record<AlarmRow['rule']['urgency'], Words>> = {
  life: ['危急', 'Urgent'],
  care: ['关怀', 'Care'],
  upkeep: ['维护', 'Upkeep'],
}
const STATES: Readonly<Record<AlarmRow['state'], Words>> = {
  raised: ['仍在报警', 'Still raised'],
  unknown: ['不知现状', 'Not known now'],
  cleared: ['已消除', 'Cleared'],
}
const CHAIN_STEPS: Readonly<Record<AlarmNext['step'], Words>> = {
  phone: ['打电话', 'Phone the contact'],
  worker: ['上门', 'Go to the door'],
  chief: ['报站长', 'Tell the chief'],
  verdict: ['写明是什么情况', 'Say what it was'],
}

export const urgencyText = ({ rule }: Pick<AlarmRow, 'rule'>, language: Language): string =>
  say(language, URGENCIES[rule.urgency])
export const alarmStateText = ({ state }: Pick<AlarmRow, 'state'>, language: Language): string =>
  say(language, STATES[state])
export const alarmLabel = ({ rule }: Pick<AlarmRow, 'rule'>, language: Language): string =>
  say(language, rule.label)
export const chainStepText = (step: AlarmNext['step'], language: Language): string =>
  say(language, CHAIN_STEPS[step])

/** `8 分钟`, `3 h 5 min`, `2 天`: rounded down, as an age is. */
export function ageText(ms: number, language: Language): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  if (minutes < 60) return say(language, [`${minutes} 分钟`, `${minutes} min`])
  const hours = Math.floor(minutes / 60)
  if (hours < 48) {
    const rest = minutes % 60
    const more = rest > 0 && hours < 12
    return say(language, [
      `${hours} 小时${more ? ` ${rest} 分` : ''}`,
      `${hours} h${more ? ` ${rest} min` : ''}`,
    ])
  }
  const days = Math.floor(hours / 24)
  return say(language, [`${days} 天`, plural(days, 'day')])
}

/** What was compared: `24 小时用了 0.003 m³,低于 0.01`. */
export function figuresText(
  { figures, rule }: Pick<AlarmRow, 'figures' | 'rule'>,
  language: Language,
): string {
  const unit = rule.signal === null ? '' : signals[rule.signal].unit
  const amount = (value: number) => `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`
  const { used, value, below, above, atLeast, hours, minutes, nights } = figures
  const span =
    hours !== undefined
      ? ageText(hours * 3_600_000, language)
      : nights !== undefined
        ? say(language, [`${nights} 夜`, plural(nights, 'night')])
        : minutes !== undefined && minutes > 0
          ? ageText(minutes * 60_000, language)
          : ''
  const said: string[] = []
  if (used !== undefined)
    said.push(
      say(language, [
        `${span === '' ? '' : `${span}`}用了 ${amount(used)}`,
        `${amount(used)} used${span === '' ? '' : ` in ${span}`}`,
      ]),
    )
  else if (value !== undefined) said.push(amount(value))
  else if (span !== '') said.push(span)
  if (below !== undefined) said.push(say(language, [`低于 ${amount(below)}`, `below ${amount(below)}`]))
  if (above !== undefined) said.push(say(language, [`高于 ${amount(above)}`, `above ${amount(above)}`]))
  if (atLeast !== undefined)
    said.push(say(language, [`不少于 ${amount(atLeast)}`, `at least ${amount(atLeast)}`]))
  return said.join(language === 'zh' ? ',' : ', ')
}

/** What to do next, and how late that is. */
export function nextAlarmText({ chain }: { readonly chain: AlarmChain }, nowMs: number, now: Today): string {
  const { language } = now
  const { next } = chain
  if (!next) return ''
  const step = chainStepText(next.step, language)
  if (next.overdueSinceMs !== null) {
    const late = ageText(nowMs - next.overdueSinceMs, language)
    return say(language, [`${step}(已超 ${late})`, `${step}, ${late} late`])
  }
  // A screen's clock may be some seconds behind what was just done.
  if (next.fromMs > nowMs + 60_000) {
    const from = instantWords(next.fromMs, now)
    return say(language, [`${from} 起${step}`, `${step} from ${from}`])
  }
  return step
}

export const alarmVerdictText = (
  { verdict, disputed }: Pick<AlarmRow, 'verdict' | 'disputed'>,
  language: Language,
): string =>
  verdict === null
    ? ''
    : alarmVerdictLabel(verdict, language) +
      (disputed ? say(language, ['(有人说法不同)', ' (others said otherwise)']) : '')

export const answerText = (
  { did, means, verdict, note }: Pick<AlarmAnswerRow, 'did' | 'means' | 'verdict' | 'note'>,
  language: Language,
): string =>
  [
    did === 'nobody'
      ? `${alarmMeansLabel(means, language)}${say(language, ['没有人应', ': nobody answered'])}`
      : alarmDeedLabel(did, language),
    verdict && alarmVerdictLabel(verdict, language),
    note,
  ]
    .filter(Boolean)
    .join(language === 'zh' ? ',' : ', ')

export function alarmsText(rows: readonly AlarmRow[], nowMs: number, now: Today): string {
  const { language } = now
  if (rows.length === 0) return say(language, ['没有报警。', 'No alarms.'])
  return table(
    [
      say(language, ['报警', 'Alarm']),
      say(language, ['紧急', 'Urgency']),
      say(language, ['地址', 'Address']),
      say(language, ['多久', 'Age']),
      say(language, ['现状', 'Now']),
      say(language, ['下一步 / 结论', 'Next / verdict']),
      'id',
    ],
    rows.map((row) => [
      alarmLabel(row, language),
      urgencyText(row, language),
      row.address,
      ageText(nowMs - row.raisedAtMs, language),
      alarmStateText(row, language),
      row.open ? nextAlarmText(row, nowMs, now) : alarmVerdictText(row, language),
      shortId(row.id),
    ]),
  )
}

export function alarmText(card: AlarmCard, nowMs: number, now: Today): string {
  const { language } = now
  const at = (ms: number) => instantWords(ms, now)
  const phone = card.contact && [card.contact.name, card.contact.phone].filter(Boolean).join(' ')
  const facts = labelled([
    ['id', card.id],
    [say(language, ['报警', 'Alarm']), `${alarmLabel(card, language)}  ${urgencyText(card, language)}`],
    [say(language, ['数值', 'Figures']), figuresText(card, language)],
    [
      say(language, ['时间', 'Time']),
      say(language, [
        `${at(card.sinceMs)} 起,${at(card.raisedAtMs)} 报警`,
        `since ${at(card.sinceMs)}, raised ${at(card.raisedAtMs)}`,
      ]),
    ],
    [say(language, ['现状', 'Now']), alarmStateText(card, language)],
    [
      say(language, ['住户', 'Household']),
      [card.address, card.householdName, card.household].filter(Boolean).join('  '),
    ],
    [
      say(language, ['设备', 'Device']),
      [valueText('device', 'kind', card.deviceKind, language), card.deviceName, shortId(card.device)]
        .filter(Boolean)
        .join('  '),
    ],
    [say(language, ['打给谁', 'Whom to phone']), phone],
    [say(language, ['案件', 'Case']), card.case],
    [say(language, ['结论', 'Verdict']), alarmVerdictText(card, language)],
    [say(language, ['下一步', 'Next']), nextAlarmText(card, nowMs, now)],
  ])
  const answers =
    card.answers.length === 0
      ? say(language, ['还没有人处置。', 'Nobody has done anything yet.'])
      : table(
          [say(language, ['处置', 'Done']), say(language, ['谁', 'By']), say(language, ['何时', 'When'])],
          card.answers.map((one) => [
            answerText(one, language),
            one.by.name,
            one.clockDoubtful
              ? say(language, ['钟不准,不知何时', 'unknown: a clock is wrong'])
              : at(one.atMs),
          ]),
        )
  return [facts, answers, improvementsText(card, language)].filter(Boolean).join('\n\n')
}

const IMPROVEMENTS: Readonly<Record<Improvement['do'], Words>> = {
  leave: ['记外出报备', 'Note the leave'],
  threshold: ['这台设备放宽规则', 'Looser limits for this device'],
  repair: ['报修这台设备', 'Have the device repaired'],
}
const LIMITS: Readonly<Record<string, Words>> = {
  hours: ['几小时', 'hours'],
  minutes: ['几分钟', 'minutes'],
  atLeast: ['至少', 'at least'],
  above: ['高于', 'above'],
}

/** `这台设备放宽规则(几小时 24 → 48)`. */
export function improvementText({ do: name, limits }: Improvement, language: Language): string {
  const changes = Object.entries(limits ?? {}).map(
    ([limit, { from, to }]) => `${say(language, LIMITS[limit] ?? [limit, limit])} ${from} → ${to}`,
  )
  const words = say(language, IMPROVEMENTS[name])
  if (changes.length === 0) return words
  return say(language, [`${words}(${changes.join(',')})`, `${words} (${changes.join(', ')})`])
}

/** After the second false alarm: what to do about the next one, and the command that does it. */
export function improvementsText(
  { id, falseAlarms, improvements }: Pick<AlarmCard, 'id' | 'falseAlarms' | 'improvements'>,
  language: Language,
): string {
  if (improvements.length === 0) return ''
  const head = say(language, [
    `同一设备、同一规则已误报 ${falseAlarms} 次。可以:`,
    `${falseAlarms} false alarms of this device by this rule. What may be done:`,
  ])
  const lines = improvements.map(
    (one) => `  doorstep alarm improve ${shortId(id)} --by ${one.do}   ${improvementText(one, language)}`,
  )
  return [head, ...lines].join('\n')
}

const SPREAD = ({ medianMinutes, p90Minutes }: Spread): string =>
  medianMinutes === null ? '' : `${medianMinutes} / ${p90Minutes}`
const OF: Readonly<Record<AlarmMeasure['of'], Words>> = {
  all: ['全部', 'All'],
  rule: ['按规则', 'By rule'],
  maker: ['按厂家', 'By maker'],
  device: ['按设备', 'By device'],
}

export function alarmMeasuresText(rows: readonly AlarmMeasure[], language: Language): string {
  const blocks = (['all', 'rule', 'maker', 'device'] as const).flatMap((of) => {
    const some = rows.filter((row) => row.of === of)
    if (some.length === 0) return []
    const body = some.map((row) => [
      say(language, row.label),
      String(row.raised),
      row.open === 0 ? '' : String(row.open),
      String(row.verdicts.true),
      row.falsePercent === null ? '' : `${row.falsePercent} %`,
      SPREAD(row.firstAnswer),
      SPREAD(row.atDoor),
      SPREAD(row.verdict),
      row.timesUnknown === 0 ? '' : String(row.timesUnknown),
    ])
    const head = [
      say(language, OF[of]),
      say(language, ['报警', 'Raised']),
      say(language, ['未了', 'Open']),
      say(language, ['确有', 'True']),
      say(language, ['误报率', 'False']),
      say(language, ['首次处置', 'First answer']),
      say(language, ['到门口', 'At the door']),
      say(language, ['有结论', 'Verdict']),
      say(language, ['钟不准', 'Clock wrong']),
    ]
    return [table(head, body)]
  })
  const note = say(language, [
    '时间:分钟,中位数 / 九成以内。定义见 docs/alarms.md。',
    'Times: minutes, median / nine in ten within. See docs/alarms.md.',
  ])
  return [...blocks, note].join('\n\n')
}

const chainJson = ({ steps, next }: AlarmChain) => ({
  chain: steps.map(({ step, fromMs, untilMs, answeredMs }) => ({
    step,
    from: isoTime(fromMs),
    until: isoTime(untilMs),
    answeredAt: isoTimeOrNull(answeredMs),
  })),
  next: next && {
    step: next.step,
    from: isoTime(next.fromMs),
    overdueSince: isoTimeOrNull(next.overdueSinceMs),
    followedBy: next.followedBy && { step: next.followedBy.step, from: isoTime(next.followedBy.fromMs) },
  },
})

export const alarmRowJson = (
  { rule, grid, sinceMs, raisedAtMs, chain, ...row }: AlarmRow,
  language: Language,
) => ({
  ...row,
  rule: rule.id,
  ruleName: say(language, rule.label),
  urgency: rule.urgency,
  signal: rule.signal,
  grid: grid?.name ?? null,
  space: grid?.space ?? null,
  since: isoTime(sinceMs),
  raisedAt: isoTime(raisedAtMs),
  ...chainJson(chain),
})

export const alarmCardJson = (
  { signals: said, answers, contact, ...row }: AlarmCard,
  language: Language,
) => ({
  ...alarmRowJson(row, language),
  contact,
  signals: said.map(({ atMs, ...one }) => ({ ...one, at: isoTime(atMs) })),
  answers: answers.map(({ by, atMs, clockDoubtful, ...one }) => ({
    ...one,
    by: by.member,
    byName: by.name,
    at: clockDoubtful ? null : isoTime(atMs),
  })),
})

export const alarmMeasureJson = ({ label, ...row }: AlarmMeasure, language: Language) => ({
  ...row,
  name: say(language, label),
})
