/** What is done about an alarm and what it turns out to be, as tables. */
import { type Language, labelIn } from './language.ts'

export const alarmDeeds = {
  phoned: ['电话联系上', 'Reached by phone'],
  visited: ['上门见到', 'Somebody met at the door'],
  nobody: ['没有人应', 'Nobody answered'],
} as const satisfies Readonly<Record<string, readonly [zh: string, en: string]>>
export type AlarmDeed = keyof typeof alarmDeeds

export const alarmMeans = {
  phone: ['电话', 'By phone'],
  door: ['上门', 'At the door'],
} as const satisfies Readonly<Record<string, readonly [zh: string, en: string]>>
export type AlarmMeans = keyof typeof alarmMeans

type VerdictRow = {
  readonly label: readonly [zh: string, en: string]
  /** Nothing was wrong with anybody: its case may end with it, and it counts as a false alarm. */
  readonly isFalse: boolean
  /** Of verdicts given apart the higher one holds until a person settles it: what helps more. */
  readonly rank: number
}

export const alarmVerdicts = {
  true: { label: ['确有情况', 'Something was wrong'], isFalse: false, rank: 5 },
  fault: { label: ['设备故障', 'The device is faulty'], isFalse: true, rank: 4 },
  false: { label: ['误报', 'False alarm'], isFalse: true, rank: 3 },
  away: { label: ['外出', 'Away from home'], isFalse: true, rank: 2 },
  test: { label: ['测试', 'A test'], isFalse: false, rank: 1 },
} as const satisfies Readonly<Record<string, VerdictRow>>
export type AlarmVerdict = keyof typeof alarmVerdicts

const isIn =
  <T extends string>(table: Readonly<Record<T, unknown>>) =>
  (text: unknown): text is T =>
    typeof text === 'string' && Object.hasOwn(table, text)
export const isAlarmDeed = isIn(alarmDeeds)
export const isAlarmMeans = isIn(alarmMeans)
export const isAlarmVerdict = isIn(alarmVerdicts)

/** Counted as false: the alarm was no help to anybody, whoever or whatever is to blame. */
export const isFalseAlarm = (verdict: AlarmVerdict | null): boolean =>
  verdict !== null && alarmVerdicts[verdict].isFalse

export const alarmDeedLabel = (deed: AlarmDeed, language: Language = 'zh'): string =>
  labelIn(alarmDeeds[deed], language)
export const alarmMeansLabel = (means: AlarmMeans, language: Language = 'zh'): string =>
  labelIn(alarmMeans[means], language)
export const alarmVerdictLabel = (verdict: AlarmVerdict, language: Language = 'zh'): string =>
  labelIn(alarmVerdicts[verdict].label, language)
