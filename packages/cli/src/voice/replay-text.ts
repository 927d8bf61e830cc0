import { publishedOf, type ReadingsReplay, type RuleReplay } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'

const HEAD: readonly Words[] = [
  ['规则', 'Rule'],
  ['次数', 'Alerts'],
  ['每百户每天', 'Per 100 homes a day'],
  ['最多的一成户', 'Worst tenth, a day each'],
  ['报过的户', 'Homes ever'],
  ['成立的天 %', 'Days it held %'],
]

/** Origin and terms of what is printed beside: docs/rules.md says more. */
const ORIGIN: Words = [
  '括号内是公开数据的结果:阿利坎特 92 户一年(2016-03 至 2017-02),DAIAD 试验 A,CC-BY-SA 4.0;整户人家,也出门旅行。\n没有外出报备,也没有学习期:这是最多会报的次数。',
  'In brackets, from public data: 92 homes in Alicante, 2016-03 to 2017-02, DAIAD trial A, CC-BY-SA 4.0; whole families that travel too.\nNo leave is known and nothing is learned: this is what would be told at most.',
]

const beside = (own: number | null, other: number | null | undefined, digits: number): string =>
  `${own === null ? '—' : own.toFixed(digits)}${typeof other === 'number' ? ` (${other.toFixed(digits)})` : ''}`

function cells(one: RuleReplay): string[] {
  const other = publishedOf(one.rule)
  return [
    one.rule.id,
    String(one.alerts),
    beside(one.per100HomesADay, other?.per100HomesADay, 1),
    beside(one.worstTenthADay, other?.worstTenthADay, 2),
    String(one.homesEver),
    beside(one.heldPercent, other?.heldPercent, 1),
  ]
}

export function replayText(replay: ReadingsReplay, language: Language): string {
  const { homes, homeDays, leftOut, read, rejectedRows, from, until, rules } = replay
  const days = `${from.slice(0, 10)} – ${until.slice(0, 10)}`
  const about = say(language, [
    `${homes} 户,${homeDays} 户·天,${days};${read} 行,${rejectedRows} 行看不懂,${leftOut} 户不足 30 天没有算`,
    `${homes} homes, ${homeDays} days of homes, ${days}; ${read} rows, ${rejectedRows} of them not read, ${leftOut} homes of less than 30 days left out`,
  ])
  const rows = table(
    HEAD.map((words) => say(language, words)),
    rules.map(cells),
  )
  return `${about}\n${rows}\n${say(language, ORIGIN)}`
}

export const replayJson = ({ rules, ...replay }: ReadingsReplay): object => ({
  ...replay,
  rules: rules.map(({ rule, ...one }) => ({
    code: rule.id,
    signal: rule.signal,
    limits: rule.limits,
    ...one,
    published: publishedOf(rule),
  })),
})
