/** An alarm as screens get it, and the lists that hold it. */
import type { AlarmCard, AlarmRow } from '@doorstep/core'
import { LONG, SAMPLE_NOW_MS } from './sample-words.test.data.ts'

const MINUTE_MS = 60_000

export const sampleAlarmRow: AlarmRow = {
  id: 'al-1',
  grid: { id: 'gr-1', space: 'sp-1', name: '一号网格' },
  household: 'hh-101',
  householdName: '测试住户',
  dwelling: 'dw-101',
  address: '1幢1单元101室',
  door: '1-1-101',
  device: 'de-1',
  deviceName: null,
  deviceKind: 'water',
  rule: {
    id: 'water-none-24h',
    label: ['24 小时几乎没用水', 'Hardly any water for 24 h'],
    urgency: 'care',
    signal: 'water',
    chain: [{ step: 'phone', afterMinutes: 0 }],
  },
  state: 'raised',
  sinceMs: SAMPLE_NOW_MS - 25 * 60 * MINUTE_MS,
  raisedAtMs: SAMPLE_NOW_MS - 65 * MINUTE_MS,
  round: 1,
  figures: { used: 0.003, below: 0.01, hours: 24 },
  open: true,
  verdict: null,
  disputed: false,
  answerCount: 1,
  chain: {
    steps: [],
    next: {
      step: 'worker',
      fromMs: SAMPLE_NOW_MS - 60 * MINUTE_MS,
      followedBy: { step: 'chief', fromMs: SAMPLE_NOW_MS + 60 * MINUTE_MS },
      overdueSinceMs: null,
    },
  },
  case: 'ca-1',
  falseAlarms: 0,
}

export const smokeAlarmRow: AlarmRow = {
  ...sampleAlarmRow,
  id: 'al-2',
  household: 'hh-202',
  door: '1-2-202',
  rule: {
    ...sampleAlarmRow.rule,
    id: 'smoke',
    label: ['烟雾报警', 'Smoke'],
    urgency: 'life',
    signal: 'smoke',
  },
  raisedAtMs: SAMPLE_NOW_MS - 8 * MINUTE_MS,
  figures: {},
  answerCount: 0,
  chain: {
    steps: [],
    next: {
      step: 'chief',
      fromMs: SAMPLE_NOW_MS - 3 * MINUTE_MS,
      followedBy: null,
      overdueSinceMs: SAMPLE_NOW_MS - 6 * MINUTE_MS,
    },
  },
}

export const sampleAlarm: AlarmCard = {
  ...sampleAlarmRow,
  signals: [],
  improvements: [],
  contact: { name: '女儿', phone: '138****5678', field: 'emergencyPhone' },
  answers: [
    {
      id: 'an-1',
      by: { member: 'me-1', name: '测试员甲' },
      role: 'worker',
      did: 'nobody',
      means: 'phone',
      verdict: null,
      note: null,
      round: 1,
      atMs: SAMPLE_NOW_MS - 60 * MINUTE_MS,
      clockDoubtful: false,
    },
  ],
}

/** With more said of it than any screen has room for. */
export const crowdedAlarm: AlarmCard = {
  ...sampleAlarm,
  door: LONG,
  householdName: LONG,
  disputed: true,
  answers: Array.from({ length: 30 }, (_, at) => ({
    ...sampleAlarm.answers[0]!,
    id: `an-${at}`,
    note: LONG,
  })),
}
