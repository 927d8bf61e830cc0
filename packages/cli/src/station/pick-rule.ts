import {
  type CommunityRule,
  fail,
  limitFields,
  ok,
  parseFieldText,
  type RecordSet,
  type Result,
  recordTypes,
  rulesOf,
  type Value,
} from '@doorstep/core'
import { parsePairs, wrongUse } from '../flags.ts'

export function pickRule(set: RecordSet, code: string): Result<CommunityRule> {
  const rule = rulesOf(set).find(({ id }) => id === code.trim())
  return rule ? ok(rule) : fail({ type: 'no-such-rule', rule: code })
}

export const RULE_FIELDS: readonly string[] = Object.keys(recordTypes.rule.fields).filter(
  (name) => name !== 'code',
)

/** `--set FIELD=VALUE` of a rule; wrong ones are wrong usage. */
export function ruleFields(texts: readonly string[], allowed: readonly string[]): Record<string, Value> {
  const set: Record<string, Value> = {}
  for (const [name, text] of Object.entries(parsePairs('--set', texts))) {
    if (!allowed.includes(name))
      wrongUse(`没有 “${name}”,有:${allowed.join('、')}`, `no "${name}"; there are: ${allowed.join(', ')}`)
    const value = parseFieldText(recordTypes.rule.fields[name as 'hours'], text)
    if (value === undefined) wrongUse(`看不懂 ${name}=${text}`, `${name}=${text} cannot be read`)
    set[name] = value!
  }
  return set
}

export const ruleLimits = (texts: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(ruleFields(texts, limitFields)).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value]] : [],
    ),
  )
