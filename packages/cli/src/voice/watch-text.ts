/** Rules about readings, in words: what holds, for whom, and who is asked. */
import { type CommunityRule, type DeviceRule, formatAlarmChain, signals } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'
import { fieldLabel, valueText } from './value-text.ts'

const HEAD: readonly Words[] = [
  ['代码', 'Code'],
  ['名称', 'Name'],
  ['紧急', 'Urgency'],
  ['适用', 'Applies'],
  ['数值', 'Limits'],
]

/** Limits that are times, with the unit they are in; all others are in the signal's. */
const UNITS: Readonly<Record<string, Words>> = {
  hours: ['小时', 'h'],
  decayHours: ['小时', 'h'],
  rearmHours: ['小时', 'h'],
  leastHours: ['小时', 'h'],
  freshHours: ['小时', 'h'],
  minutes: ['分钟', 'min'],
  stepMinutes: ['分钟', 'min'],
  rearmMinutes: ['分钟', 'min'],
  fromHour: ['点', ':00'],
  untilHour: ['点', ':00'],
  nights: ['夜', ' nights'],
  missed: ['次', '×'],
  shareOfUsual: ['', ''],
}

const unitOf = ({ signal, kind }: CommunityRule): string => {
  if (signal === null) return ''
  const { unit, form } = signals[signal]
  return form === 'condition' && kind === 'no-use' ? '×' : unit
}

const limitText = (rule: CommunityRule, name: string, value: number, language: Language): string => {
  const unit = UNITS[name] ? say(language, UNITS[name]) : ` ${unitOf(rule)}`
  return `${fieldLabel('rule', name, language)} ${value}${unit}`.trimEnd()
}

const limitsText = (rule: CommunityRule, limits: Readonly<Record<string, number>>, language: Language) =>
  Object.entries(limits)
    .map(([name, value]) => limitText(rule, name, value, language))
    .join(language === 'zh' ? ',' : ', ')

const nameText = (rule: CommunityRule, language: Language): string =>
  say(language, rule.label) + (rule.disabled ? say(language, ['(停用)', ' (disabled)']) : '')

export function rulesText(rules: readonly CommunityRule[], language: Language): string {
  const rows = rules.map((rule) => [
    rule.id,
    nameText(rule, language),
    valueText('rule', 'urgency', rule.urgency, language),
    rule.applies === 'close' ? valueText('rule', 'applies', 'close', language) : '',
    // What follows from nothing else is said by `rule show`.
    limitsText(rule, main(rule.limits), language),
  ])
  return table(
    HEAD.map((words) => say(language, words)),
    rows,
  )
}

const main = (limits: CommunityRule['limits']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(limits).filter(([name]) =>
      ['hours', 'below', 'above', 'atLeast', 'minutes', 'nights'].includes(name),
    ),
  )

export type DeviceOfRule = { readonly device: string; readonly title: string; readonly own: DeviceRule }

export function ruleText(rule: CommunityRule, devices: readonly DeviceOfRule[], language: Language): string {
  const line = (words: Words, text: string) => `${say(language, words)}: ${text}`
  const own = devices.map(({ title, own: { limits, disabled, reason, learned } }) => {
    const what = disabled ? say(language, ['停用', 'disabled']) : limitsText(rule, limits, language)
    const why = learned ? say(language, ['自学', 'learned']) : (reason ?? '')
    return `  ${title}  ${what || say(language, ['照社区的', 'as the community has it'])}  ${why}`
  })
  return [
    `${rule.id}  ${nameText(rule, language)}`,
    line(
      ['看什么', 'Looks at'],
      `${rule.signal === null ? '' : `${say(language, signals[rule.signal].label)} `}${valueText('rule', 'kind', rule.kind, language)}`,
    ),
    line(['数值', 'Limits'], limitsText(rule, rule.limits, language) || '—'),
    line(['适用', 'Applies to'], valueText('rule', 'applies', rule.applies, language)),
    line(['紧急程度', 'Urgency'], valueText('rule', 'urgency', rule.urgency, language)),
    line(['案件', 'Case'], `${rule.caseKind} ${valueText('rule', 'grade', rule.grade, language)}`),
    line(['找谁(几分钟没人答)', 'Who is asked, after minutes'], formatAlarmChain(rule.chain)),
    line(['依据', 'Basis'], say(language, rule.source)),
    ...(own.length > 0
      ? [say(language, ['这些设备另有规定:', 'These devices have their own:']), ...own]
      : []),
  ].join('\n')
}

export const ruleJson = ({ id, label: [name, nameEn], record, ...rule }: CommunityRule): object => ({
  code: id,
  name,
  nameEn,
  ...rule,
  unit: rule.signal === null ? null : signals[rule.signal].unit,
  source: rule.source[0],
  sourceEn: rule.source[1],
  record,
})
