/** The rules of a community: the program's, as its own records change them; and what devices have of their own. */
import type { Projection, TimelineItem } from '../record/project.ts'
import { rule as definition, parseAlarmChain } from '../records/rule.ts'
import { isSignal } from '../series/observation.ts'
import { builtinRules } from '../watch/builtin-rules.ts'
import type { Rule } from '../watch/finding.ts'
import type { OwnLimits } from '../watch/watched.ts'
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

/** Fields of a rule record that are limits. */
export const limitFields: readonly string[] = Object.entries(definition.fields)
  .filter(([, { type }]) => type === 'number')
  .map(([name]) => name)

export type CommunityRule = Rule & {
  /** The community's record; null where everything is the program's. */
  readonly record: string | null
}

/** Every rule: the program's in their order, then the community's own by code; disabled ones too. */
export function rulesOf(set: Pick<RecordSet, 'ofType'>): readonly CommunityRule[] {
  const rules = new Map<string, CommunityRule>(builtinRules.map((one) => [one.id, { ...one, record: null }]))
  const own = [...set.ofType('rule')].sort(byId)
  for (const record of own.sort((a, b) => (String(a.fields.code) < String(b.fields.code) ? -1 : 1))) {
    const code = textOf(record, 'code')
    const base = code === null ? null : (rules.get(code) ?? newRule(code, record))
    if (base) rules.set(base.id, withRecord(base, record))
  }
  return [...rules.values()]
}

/** One of the community's own says what it looks at; until it does it is none. */
function newRule(code: string, record: Projection): CommunityRule | null {
  const { kind, signal } = record.fields
  if (typeof kind !== 'string' || !Object.hasOwn(definition.fields.kind.choices, kind)) return null
  if (!isSignal(signal) && kind !== 'silence') return null
  const like = builtinRules.find((one) => one.kind === kind)
  return {
    id: code,
    label: [code, code],
    kind: kind as Rule['kind'],
    signal: isSignal(signal) ? signal : null,
    limits: {},
    applies: 'all',
    urgency: like?.urgency ?? 'upkeep',
    caseKind: like?.caseKind ?? 'device',
    grade: 'ordinary',
    chain: like?.chain ?? [],
    disabled: false,
    source: ['社区规定', 'Community’s own'],
    record: record.id,
  }
}

function withRecord(base: CommunityRule, record: Projection): CommunityRule {
  const { fields } = record
  const choice = <T extends string>(name: 'applies' | 'urgency' | 'grade', otherwise: T): T =>
    typeof fields[name] === 'string' && Object.hasOwn(definition.fields[name].choices, fields[name])
      ? (fields[name] as T)
      : otherwise
  const name = textOf(record, 'name')
  const source = textOf(record, 'source')
  return {
    ...base,
    label: [name ?? base.label[0], textOf(record, 'nameEn') ?? name ?? base.label[1]],
    limits: { ...base.limits, ...limitsIn(fields) },
    applies: choice('applies', base.applies),
    urgency: choice('urgency', base.urgency),
    grade: choice('grade', base.grade),
    caseKind: textOf(record, 'caseKind') ?? base.caseKind,
    chain: parseAlarmChain(fields.chain) ?? base.chain,
    disabled: typeof fields.disabled === 'boolean' ? fields.disabled : base.disabled,
    source: source === null ? base.source : [source, source],
    record: record.id,
  }
}

/** Numbers that others wrote are taken only where they can be meant. */
function limitsIn(from: Readonly<Record<string, unknown>>): Record<string, number> {
  const limits: Record<string, number> = {}
  for (const name of limitFields) {
    const value = from[name]
    const { min = 0, max = Infinity } = definition.fields[name as 'hours']
    if (typeof value === 'number' && value >= min && value <= max) limits[name] = value
  }
  return limits
}

export type DeviceRule = OwnLimits & {
  readonly rule: string
  readonly reason: string | null
  /** The gateway found it out by itself in the learning period. */
  readonly learned: boolean
  readonly alarm: string | null
  readonly by: string
  readonly atMs: number
}

/**
 * What a device has of its own, by rule. The last that was said holds; of several that were said apart the one that
 * leaves the rule on, then the smallest id, so that every station answers the same.
 */
export function deviceRulesOf(device: Projection): Readonly<Record<string, DeviceRule>> {
  const own: Record<string, DeviceRule> = {}
  const items = (device.timelines.watch ?? []).flatMap((item) => parseItem(item) ?? [])
  for (const code of new Set(items.map(({ rule }) => rule.rule))) {
    const said = items.filter(({ rule }) => rule.rule === code)
    const seen = new Set(said.flatMap(({ saw }) => saw))
    const [last] = said
      .filter(({ id }) => !seen.has(id))
      .sort((a, b) => Number(a.rule.disabled) - Number(b.rule.disabled) || (a.id < b.id ? -1 : 1))
    if (last) own[code] = last.rule
  }
  return own
}

type Item = { readonly id: string; readonly saw: readonly string[]; readonly rule: DeviceRule }

function parseItem({ id, by, at, value }: TimelineItem): Item | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { rule: code, limits, disabled, reason, alarm, learned, saw } = value
  if (typeof code !== 'string' || code === '') return null
  const own = typeof limits === 'object' && limits !== null && !Array.isArray(limits) ? limits : {}
  return {
    id,
    saw: Array.isArray(saw) ? saw.filter((one) => typeof one === 'string') : [],
    rule: {
      rule: code,
      limits: limitsIn(own),
      disabled: disabled === true,
      reason: textIn(reason),
      alarm: textIn(alarm),
      learned: learned === true,
      by,
      atMs: at,
    },
  }
}

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The items that are known of one rule of a device. */
export const sawOfRule = (device: Projection, code: string): readonly string[] =>
  (device.timelines.watch ?? []).flatMap((item) => (parseItem(item)?.rule.rule === code ? [item.id] : []))
