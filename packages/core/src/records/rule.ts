import type { Value } from '../record/change.ts'
import { defineRecord, type Field } from '../record/define.ts'

const limit = (zh: string, en: string, max = 1_000_000) =>
  ({ type: 'number', label: [zh, en], min: 0, max }) as const satisfies Field

/**
 * What the community says of one rule about readings (监测规则). What a record leaves open is as the program has it
 * (watch/builtin-rules.ts); one of its own names its kind and its signal. The id derives from the community and the
 * code. Limits are in the signal's unit.
 */
export const rule = defineRecord({
  type: 'rule',
  prefix: 'ru',
  label: ['监测规则', 'Rule'],
  space: 'community',
  version: 1,
  fields: {
    code: { type: 'text', label: ['代码', 'Code'], required: true, maxLength: 60 },
    name: { type: 'text', label: ['名称', 'Name'], maxLength: 80 },
    nameEn: { type: 'text', label: ['英文名称', 'English name'], maxLength: 80 },
    kind: {
      type: 'choice',
      label: ['种类', 'Kind'],
      choices: {
        'no-use': ['没有用', 'No use'],
        leak: ['一直在用', 'Never stops'],
        'night-flow': ['夜里一直在用', 'Runs at night'],
        'too-much': ['用得太多', 'Too much'],
        'away-use': ['外出时在用', 'Used while away'],
        'gauge-above': ['太高', 'Too high'],
        'gauge-below': ['太低', 'Too low'],
        condition: ['状态', 'A level'],
        event: ['事件', 'An event'],
        silence: ['失联', 'Silence'],
      },
    },
    signal: { type: 'text', label: ['信号', 'Signal'], maxLength: 40 },
    hours: limit('时窗', 'Window', 720),
    below: limit('低于', 'Below'),
    above: limit('高于', 'Above'),
    atLeast: limit('每步至少', 'At least in every step'),
    stepMinutes: { ...limit('步长(分钟)', 'Step in minutes', 1440), min: 5 },
    minutes: limit('持续', 'Lasting', 10_080),
    fromHour: limit('从几点', 'From hour of the day', 24),
    untilHour: limit('到几点', 'Until hour of the day', 24),
    nights: { ...limit('连续几夜', 'Nights running', 14), min: 1 },
    clearBelow: limit('降到多少算恢复', 'Over when down to'),
    clearAbove: limit('升到多少算恢复', 'Over when up to'),
    decayHours: limit('几小时没有再报就算不知道', 'Unknown after hours', 720),
    rearmHours: limit('恢复几小时后再报', 'Told again after hours', 720),
    rearmMinutes: limit('几分钟内算同一次', 'The same within minutes', 1440),
    shareOfUsual: limit('占平常的比例', 'Share of what is usual', 1),
    missed: limit('漏报几次', 'Reports missed', 1000),
    leastHours: limit('至少几小时', 'Hours at least', 720),
    freshHours: limit('几小时内算新的', 'News for hours', 720),
    applies: {
      type: 'choice',
      label: ['适用', 'Applies to'],
      choices: {
        all: ['所有同意的住户', 'All that agreed'],
        close: ['同意密切关注的', 'Those watched closely'],
      },
    },
    urgency: {
      type: 'choice',
      label: ['紧急程度', 'Urgency'],
      choices: {
        life: ['性命攸关', 'Life'],
        care: ['可能有人不好', 'Care'],
        upkeep: ['设备和跑漏', 'Upkeep'],
      },
    },
    caseKind: { type: 'text', label: ['案件类别', 'Kind of case'], maxLength: 60 },
    grade: {
      type: 'choice',
      label: ['等级', 'Grade'],
      choices: { ordinary: ['一般', 'Ordinary'], serious: ['严重', 'Serious'] },
    },
    /** `phone:0,worker:30,chief:120`: who is asked, and after how many minutes without an answer of the one before. */
    chain: {
      type: 'text',
      label: ['找谁', 'Who is asked'],
      maxLength: 120,
      check: (value: Value) => (parseAlarmChain(value) === null ? 'alarm-chain' : null),
    },
    disabled: { type: 'boolean', label: ['停用', 'Disabled'] },
    source: { type: 'text', label: ['依据', 'Basis'], maxLength: 200 },
  },
})

type Step = { readonly step: 'phone' | 'worker' | 'chief'; readonly afterMinutes: number }

/** Null where it is none. */
export function parseAlarmChain(text: unknown): readonly Step[] | null {
  if (typeof text !== 'string') return null
  const steps: Step[] = []
  for (const part of text.split(',')) {
    const [, step, minutes] = /^(phone|worker|chief):(\d{1,5})$/.exec(part.trim()) ?? []
    if (step === undefined) return null
    steps.push({ step: step as Step['step'], afterMinutes: Number(minutes) })
  }
  return steps
}

export const formatAlarmChain = (chain: readonly Step[]): string =>
  chain.map(({ step, afterMinutes }) => `${step}:${afterMinutes}`).join(',')
