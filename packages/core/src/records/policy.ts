import type { Value } from '../record/change.ts'
import { defineRecord } from '../record/define.ts'

/** What is done, one after the other, while nobody is met. */
export type ChainStep = {
  /** Knocking again, asking a neighbour, calling the emergency contact, opening a case. */
  readonly step: 'again' | 'neighbour' | 'emergency' | 'case'
  /** Whole days after the step before it. */
  readonly afterDays: number
  /** How often it is tried before the next one comes. */
  readonly times: number
}

const STEPS: readonly string[] = ['again', 'neighbour', 'emergency', 'case']
const MAX_CHAIN = 8

/** A chain as a record says it; null for what is none. */
export function parseChain(value: Value | undefined): readonly ChainStep[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_CHAIN) return null
  const chain: ChainStep[] = []
  for (const one of value) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return null
    const { step, afterDays, times = 1 } = one
    if (typeof step !== 'string' || !STEPS.includes(step) || chain.some((known) => known.step === step))
      return null
    if (!isCount(afterDays ?? null, 0) || !isCount(times, 1)) return null
    chain.push({ step: step as ChainStep['step'], afterDays: Number(afterDays), times })
  }
  return chain
}

const isCount = (value: Value, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= 90

/** Who is visited how often, by whom, in which ways. Of several that cover a household each is judged by itself. */
export const policy = defineRecord({
  type: 'policy',
  prefix: 'po',
  label: ['探访规则', 'Visit policy'],
  space: 'community',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    nameEn: { type: 'text', label: ['英文名称', 'English name'], maxLength: 80 },
    intervalDays: {
      type: 'integer',
      label: ['间隔天数', 'Interval in days'],
      required: true,
      min: 1,
      max: 3660,
    },
    /** True: every household, whatever its categories. */
    everyone: { type: 'boolean', label: ['适用全部住户', 'Every household'] },
    /** `[{step: again|neighbour|emergency|case, afterDays, times?}]`; without it work/absence.ts has the usual one. */
    chain: {
      type: 'json',
      label: ['无人应答时', 'While nobody is met'],
      check: (value: Value) => (parseChain(value) ? null : 'chain'),
    },
    /** Not a visiting rule: for how many days records of this class are kept instead; see work/retention.ts. */
    retains: { type: 'text', label: ['保存期限适用于', 'Retention of'], maxLength: 40 },
    disabled: { type: 'boolean', label: ['停用', 'Disabled'] },
    /** Where the rule comes from, for the person who must defend it. */
    source: { type: 'text', label: ['依据', 'Basis'], maxLength: 200 },
  },
  sets: {
    categories: { label: ['适用类别', 'Categories'] },
    modes: { label: ['方式', 'Modes'] },
    /** On whose list it appears; empty: on everybody's. */
    roles: { label: ['谁来', 'By whom'] },
  },
})
