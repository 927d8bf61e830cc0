/** How long records are kept, as data. Where no rule is known, the period is the community's own policy, and says so. */
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type RetentionClass = keyof typeof retentionClasses

type RetentionRule = {
  readonly label: readonly [zh: string, en: string]
  readonly days: number
  /** When the period starts to run. */
  readonly from: readonly [zh: string, en: string]
  readonly source: readonly [zh: string, en: string]
}

const YEAR = 365
const COMMUNITY: RetentionRule['source'] = ['社区规定', 'Community policy']
const LIMITATION: RetentionRule['source'] = [
  '民法典第188条:诉讼时效三年',
  'Civil Code art. 188: claims lapse after three years',
]
const PROCESSING: RetentionRule['source'] = [
  '个人信息保护法第56条:处理情况记录至少三年',
  'PIPL art. 56: records of processing, three years at least',
]

export const retentionClasses = {
  person: {
    label: ['人员与居住', 'People and residences'],
    days: YEAR,
    from: ['搬走或去世,且不住在别处', 'Moving out or death, with no open residence'],
    source: COMMUNITY,
  },
  household: {
    label: ['住户与设备', 'Households and devices'],
    days: YEAR,
    from: [
      '最后一人搬走;不早于它的探访、案件等到期',
      'The last one has left; not before its visits, cases and the rest are due',
    ],
    source: COMMUNITY,
  },
  visit: { label: ['探访', 'Visits'], days: 3 * YEAR, from: ['探访当天', 'The visit'], source: COMMUNITY },
  diary: {
    label: ['民情日记', 'Diary'],
    days: YEAR,
    from: ['写下那天', 'The day it was written'],
    source: COMMUNITY,
  },
  errand: {
    label: ['帮办代办', 'Errands'],
    days: 3 * YEAR,
    from: ['办结且都送还', 'Its end, with everything given back'],
    source: LIMITATION,
  },
  case: { label: ['案件', 'Cases'], days: 3 * YEAR, from: ['结案', 'Closing'], source: LIMITATION },
  alarm: {
    label: ['报警', 'Alarms'],
    days: YEAR,
    from: ['最后一次信号或答复,且有了结论', 'Its last signal or answer, with a verdict'],
    source: COMMUNITY,
  },
  review: {
    label: ['设备评估', 'Reviews of devices'],
    days: 3 * YEAR,
    from: ['最后一次意见或决定', 'The last word or decision on it'],
    source: COMMUNITY,
  },
  leave: {
    label: ['外出报备', 'Leave notices'],
    days: 90,
    from: ['回来那天', 'The return'],
    source: COMMUNITY,
  },
  sweep: {
    label: ['敲门行动与认领', 'Sweeps and claims'],
    days: YEAR,
    from: ['行动的最后一天;不属于行动的,那一周', 'The last day of the sweep; without one, the week'],
    source: COMMUNITY,
  },
  consent: {
    label: ['同意与依据', 'Consents'],
    days: 3 * YEAR,
    from: ['撤回或到期', 'Withdrawal or expiry'],
    source: LIMITATION,
  },
  reveal: {
    label: ['查看记录', 'Who looked'],
    days: 3 * YEAR,
    from: ['当年年底', 'The end of its year'],
    source: PROCESSING,
  },
  export: {
    label: ['导出记录', 'Exports'],
    days: 3 * YEAR,
    from: ['导出', 'The export'],
    source: PROCESSING,
  },
  reading: {
    label: ['网关上的原始读数', 'Raw readings at the gateway'],
    days: 90,
    from: ['读数', 'The reading'],
    source: COMMUNITY,
  },
} as const satisfies Record<string, RetentionRule>

export type RetentionRow = RetentionRule & {
  readonly class: RetentionClass
  /** The policy record of the community that says otherwise; null where the built-in period holds. */
  readonly policy: string | null
}

/** The table in force: a policy record with `retains` replaces the days of its class; of several the shortest holds. */
export const retentionTable = (set: RecordSet): readonly RetentionRow[] =>
  (Object.keys(retentionClasses) as RetentionClass[]).map((name) => {
    const own = [...set.ofType('policy')]
      .filter(
        ({ fields }) =>
          fields.retains === name && fields.disabled !== true && Number(fields.intervalDays) >= 1,
      )
      .sort((a, b) => Number(a.fields.intervalDays) - Number(b.fields.intervalDays) || byId(a, b))[0]
    const rule: RetentionRule = retentionClasses[name]
    if (!own) return { class: name, ...rule, policy: null }
    const source = textOf(own, 'source') ?? textOf(own, 'name') ?? own.id
    return {
      class: name,
      ...rule,
      days: Number(own.fields.intervalDays),
      source: [source, source],
      policy: own.id,
    }
  })
