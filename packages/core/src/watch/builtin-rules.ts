/**
 * The rules a community starts with, as data, each with where its numbers come from. None of them is a constant: a
 * chief changes them by `rule` records, and one home's may differ. Where no source gives a number the row says so.
 */
import type { AlarmStep, Rule } from './finding.ts'

type Source = Rule['source']

const PROGRAM: Source = ['本程序的默认,请按本地情况改', 'This program’s default: set your own']
const JIANGSU_ROAD: Source = [
  '上海江苏路街道:水表 12 小时不足 0.01 m³(新华社 2020)',
  'Shanghai Jiangsu Road: under 0.01 m³ in 12 h (Xinhua 2020)',
]
const FOUR_SMALL_THINGS: Source = [
  '上海江苏路街道“四小件”(新华社 2020)',
  'Shanghai Jiangsu Road, “four small things” (Xinhua 2020)',
]
const ONE_DAY: Source = [
  '太仓、安吉、静安:24 小时不足 0.01 m³;12 小时规则的误报约为 3.4 倍',
  'Taicang, Anji, Jing’an: under 0.01 m³ in 24 h; a 12 h rule tells 3.4 times as often',
]
const TWO_CUBIC_METRES: Source = ['上海静安、安吉:一天超过 2 m³', 'Shanghai Jing’an, Anji: over 2 m³ a day']
const HALF_HOURS: Source = [
  '深圳龙岗:0–24 时每半小时都有用水',
  'Shenzhen Longgang: use in every half hour of the day',
]
const EVERY_HOUR: Source = [
  '加州供水商 Aquacue:24 小时每小时都不少于 1 加仑;估读不算',
  'Aquacue: 1 gallon or more in every hour of 24; estimated reads do not count',
]
const NIGHT: Source = [
  'Smartvatten 夜间最小流量;小漏连续两夜才算',
  'Smartvatten, least flow at night; a small leak takes two nights',
]
const CHUN_AN: Source = [
  '淳安“电力关爱码”看用电变化,数值未公布;数值是本程序的默认',
  'Chun’an watches change of use and published no numbers; these are this program’s',
]
const OVERLOAD: Source = [
  '苏州“电关怀”提醒过载,数值未公布;8 kW 是本程序按户用 40 A 取的',
  'Suzhou warns of overload and published no numbers; 8 kW is this program’s, for 40 A at home',
]
const GAS_DENSITY: Source = [
  '报警点 5–25 %LEL(GB 15322.2,请核对),常见产品 10 %LEL',
  'Set-points 5–25 %LEL (GB 15322.2: check), usual products 10 %LEL',
]
const SILENT_BATTERY: Source = [
  'zigbee2mqtt:电池设备 25 小时无声才算离线',
  'zigbee2mqtt: a device on a battery is offline after 25 h of silence',
]

/** Those who can be there first are asked first, and the chief hears of it within minutes. */
const LIFE: readonly AlarmStep[] = [
  { step: 'worker', afterMinutes: 0 },
  { step: 'phone', afterMinutes: 2 },
  { step: 'chief', afterMinutes: 5 },
]
/** Most alarms are an absence: a call first, then the door (Jing’an: contact, street, community, volunteer). */
const CARE: readonly AlarmStep[] = [
  { step: 'phone', afterMinutes: 0 },
  { step: 'worker', afterMinutes: 30 },
  { step: 'chief', afterMinutes: 120 },
]
const UPKEEP: readonly AlarmStep[] = [
  { step: 'worker', afterMinutes: 0 },
  { step: 'chief', afterMinutes: 2880 },
]

type Row = Pick<Rule, 'kind' | 'signal' | 'limits'> & Partial<Rule>

const rule = (id: string, zh: string, en: string, row: Row, more: Partial<Rule> = {}): Rule => ({
  id,
  label: [zh, en],
  applies: 'all',
  urgency: 'upkeep',
  caseKind: 'device',
  grade: 'ordinary',
  chain: UPKEEP,
  disabled: false,
  source: PROGRAM,
  ...row,
  ...more,
})

const life = { urgency: 'life', caseKind: 'danger', grade: 'serious', chain: LIFE } as const
const care = { urgency: 'care', caseKind: 'health', grade: 'serious', chain: CARE } as const

/** Between two episodes of water rules (as in the counts of domain B.3). */
const REARM = { rearmHours: 12 } as const

export const builtinRules: readonly Rule[] = [
  rule(
    'smoke',
    '烟雾报警',
    'Smoke',
    { kind: 'condition', signal: 'smoke', limits: {} },
    { ...life, source: FOUR_SMALL_THINGS },
  ),
  rule('gas-leak', '燃气泄漏', 'Gas leak', { kind: 'condition', signal: 'gas-leak', limits: {} }, life),
  rule(
    'gas-density',
    '燃气浓度高',
    'Gas density high',
    { kind: 'gauge-above', signal: 'gas-density', limits: { above: 10, clearBelow: 5 } },
    { ...life, source: GAS_DENSITY },
  ),
  rule(
    'sos',
    '呼救',
    'Call for help',
    { kind: 'event', signal: 'sos', limits: { rearmMinutes: 10, freshHours: 24 } },
    life,
  ),
  rule(
    'water-none-24h',
    '24 小时几乎没用水',
    'Hardly any water for 24 h',
    { kind: 'no-use', signal: 'water', limits: { hours: 24, below: 0.01, ...REARM } },
    { ...care, source: ONE_DAY },
  ),
  rule(
    'water-none-12h',
    '12 小时几乎没用水',
    'Hardly any water for 12 h',
    { kind: 'no-use', signal: 'water', limits: { hours: 12, below: 0.01, ...REARM } },
    { ...care, applies: 'close', source: JIANGSU_ROAD },
  ),
  rule(
    'electricity-low-24h',
    '24 小时用电很少',
    'Hardly any electricity for 24 h',
    { kind: 'no-use', signal: 'electricity', limits: { hours: 24, below: 0.1, shareOfUsual: 0.4, ...REARM } },
    { ...care, source: CHUN_AN },
  ),
  rule(
    'door-shut-24h',
    '24 小时没开过门',
    'Door not opened for 24 h',
    { kind: 'no-use', signal: 'door-open', limits: { hours: 24, below: 1 } },
    { ...care, source: FOUR_SMALL_THINGS },
  ),
  rule(
    'motion-none-24h',
    '24 小时没人活动',
    'No movement for 24 h',
    { kind: 'no-use', signal: 'motion', limits: { hours: 24, below: 1 } },
    { ...care, source: FOUR_SMALL_THINGS },
  ),
  rule(
    'door-open-long',
    '门一直开着',
    'Door standing open',
    { kind: 'condition', signal: 'door-open', limits: { minutes: 60 } },
    { ...care, grade: 'ordinary' },
  ),
  rule(
    'too-cold',
    '室内太冷',
    'Too cold inside',
    { kind: 'gauge-below', signal: 'temperature', limits: { below: 10, clearAbove: 12, minutes: 60 } },
    { ...care, grade: 'ordinary' },
  ),
  rule(
    'too-hot',
    '室内太热',
    'Too hot inside',
    { kind: 'gauge-above', signal: 'temperature', limits: { above: 35, clearBelow: 33, minutes: 60 } },
    { ...care, grade: 'ordinary' },
  ),
  rule(
    'power-high',
    '功率过载',
    'Overload',
    { kind: 'gauge-above', signal: 'power', limits: { above: 8000, clearBelow: 7000, minutes: 10 } },
    { caseKind: 'electric-hazard', grade: 'serious', source: OVERLOAD },
  ),
  rule(
    'electricity-much-1h',
    '一小时用电过多',
    'Too much electricity in an hour',
    { kind: 'too-much', signal: 'electricity', limits: { hours: 1, above: 8, ...REARM } },
    { caseKind: 'electric-hazard', grade: 'serious', source: OVERLOAD },
  ),
  rule(
    'water-wet',
    '漏水报警',
    'Water where none should be',
    { kind: 'condition', signal: 'water-leak', limits: {} },
    { caseKind: 'facility', grade: 'serious' },
  ),
  rule(
    'water-much-24h',
    '一天用水过多',
    'Too much water in a day',
    { kind: 'too-much', signal: 'water', limits: { hours: 24, above: 2, ...REARM } },
    { caseKind: 'facility', source: TWO_CUBIC_METRES },
  ),
  rule(
    'water-leak-24h',
    '疑似漏水:每小时都在流',
    'Leak: runs in every hour',
    { kind: 'leak', signal: 'water', limits: { hours: 24, atLeast: 0.0038, ...REARM } },
    { caseKind: 'facility', source: EVERY_HOUR },
  ),
  rule(
    'water-leak-steps',
    '疑似漏水:每半小时都在流',
    'Leak: runs in every half hour',
    { kind: 'leak', signal: 'water', limits: { hours: 24, atLeast: 0.0001, stepMinutes: 30, ...REARM } },
    { caseKind: 'facility', source: HALF_HOURS },
  ),
  rule(
    'water-night',
    '疑似漏水:连续两夜都在流',
    'Leak: runs two nights through',
    {
      kind: 'night-flow',
      signal: 'water',
      limits: { fromHour: 2, untilHour: 5, nights: 2, atLeast: 0.001, ...REARM },
    },
    { caseKind: 'facility', source: NIGHT },
  ),
  rule(
    'water-away',
    '外出期间有用水',
    'Water used while everybody is away',
    { kind: 'away-use', signal: 'water', limits: { hours: 24, above: 0.02, ...REARM } },
    { caseKind: 'facility' },
  ),
  rule('tamper', '设备被拆动', 'Tampered with', { kind: 'condition', signal: 'tamper', limits: {} }),
  rule('battery-low', '电量低', 'Battery low', { kind: 'condition', signal: 'battery-low', limits: {} }),
  rule('battery-below', '电量不足', 'Battery nearly empty', {
    kind: 'gauge-below',
    signal: 'battery',
    limits: { below: 10, clearAbove: 20 },
  }),
  rule('fault', '设备故障', 'Fault', { kind: 'condition', signal: 'fault', limits: {} }),
  rule(
    'silent',
    '设备失联',
    'Device silent',
    { kind: 'silence', signal: null, limits: { hours: 25, missed: 3, leastHours: 1 } },
    { source: SILENT_BATTERY },
  ),
]
