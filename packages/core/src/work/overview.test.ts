import { expect, test } from 'vitest'
import { dayTally, newsSince } from './day-tally.ts'
import { overviewOf } from './overview.ts'
import { RecordSet } from './record-set.ts'
import {
  COLLEAGUE,
  communityRecords,
  homeRecords,
  policyRecords,
  record,
  visitRecord,
  WORKER,
} from './sample-records.test.data.ts'

const DAY = '2026-11-24'
const at = (hour: number, day = DAY) => Date.parse(`${day}T00:00:00Z`) + (hour - 8) * 3_600_000
const low = { sets: { categories: ['low-income'] } }

/** Four doors: one met, one tried in vain and its neighbour asked, one not gone to, one not due. */
const records = () => [
  ...communityRecords(),
  ...policyRecords(),
  ...['301', '302', '303', '304'].flatMap((room) => homeRecords('1', '2', room, low)),
  visitRecord(
    'earlier',
    'hh-1.2.304',
    '2026-11-20',
    {},
    { createdAt: at(9, '2026-11-20'), createdBy: COLLEAGUE },
  ),
  visitRecord('met', 'hh-1.2.301', DAY, { nextOn: '2026-11-26', form: 'f' }, { createdAt: at(9) }),
  visitRecord('absent', 'hh-1.2.302', DAY, { outcome: 'absent' }, { createdAt: at(10) }),
  visitRecord('asked', 'hh-1.2.302', DAY, { outcome: 'absent', contact: 'neighbour' }, { createdAt: at(11) }),
  visitRecord('wrong', 'hh-1.2.303', DAY, { withdrawn: '走错门' }, { createdAt: at(11) }),
  visitRecord('other', 'hh-1.2.304', DAY, { mode: 'phone' }, { createdAt: at(12), createdBy: COLLEAGUE }),
  record(
    'case',
    'a',
    { household: 'hh-1.2.301', kind: 'help', title: '代办', dueOn: '2026-11-20' },
    { createdAt: at(9) },
  ),
  record(
    'errand',
    'bill',
    { household: 'hh-1.2.303', kind: 'bill', what: '代缴电费', dueOn: '2026-11-23' },
    { createdAt: at(15) },
  ),
  record('diary', 'old', {
    on: '2026-11-22',
    text: '带老花镜',
    household: 'hh-1.2.301',
    dueOn: '2026-11-23',
  }),
  record('diary', 'later', { on: DAY, text: '问低保', dueOn: '2026-11-25' }, { createdAt: at(13) }),
  record(
    'diary',
    'done',
    { on: '2026-11-20', text: '修灯', dueOn: '2026-11-21' },
    { timelines: { ticks: [{ id: 't', by: WORKER, at: at(14), value: { on: DAY } }] } },
  ),
]

test('the day’s account: what I did, what was due in the morning, what is not ticked, where tomorrow begins', () => {
  const set = new RecordSet(records())
  const mine = dayTally(set, { on: DAY, by: WORKER })
  expect(mine).toMatchObject({
    visits: {
      count: 2,
      outcomes: { met: 1, absent: 1, refused: 0 },
      modes: { door: 2 },
      asked: { count: 1, heard: 0 },
      forms: 1,
      promises: 1,
    },
    doors: { due: 3, done: 1, tried: 1, left: 1 },
    cases: { opened: 1, ended: 0 },
    errands: { opened: 1, ended: 0, live: 1, late: 1, owing: 0 },
    diary: { written: 1, done: 1 },
    open: [{ id: 'dy-old', overdueDays: 1 }],
    tomorrow: { count: 2, first: { household: 'hh-1.2.302' } },
  })
  expect(dayTally(set, { on: DAY })).toMatchObject({ visits: { count: 3, modes: { door: 2, phone: 1 } } })
  expect(dayTally(set, { on: DAY, grid: '二号网格' })).toMatchObject({
    visits: { count: 0 },
    doors: { due: 0 },
    tomorrow: { count: 0, first: null },
  })
  expect(newsSince(set, { sinceMs: at(-6), me: WORKER })).toMatchObject([
    { kind: 'visit', household: 'hh-1.2.304', by: { member: COLLEAGUE }, what: 'met' },
  ])
})

test('the overview counts the same doors by grid, the same visits by worker, and shows who did nothing', () => {
  const set = new RecordSet(records())
  const overview = overviewOf(set, { on: DAY, members: [WORKER, COLLEAGUE, 'me-9999', 'me-0000'] })
  expect(overview.grids).toMatchObject([
    {
      grid: { name: '一号网格' },
      households: 4,
      due: 2,
      late: 2,
      metToday: 2,
      met7: 2,
      openCases: 1,
      lateCases: 1,
      doubleClaims: 0,
    },
    { grid: { name: '二号网格' }, households: 0 },
  ])
  expect(overview.workers).toMatchObject([
    { by: { member: WORKER }, today: 2, met: 1, absent: 1, seven: 2, lastOn: DAY },
    { by: { member: COLLEAGUE }, today: 1, met: 1, seven: 2 },
    { by: { member: 'me-9999' }, today: 0, seven: 0, lastOn: null },
  ])
  expect(overview.days.at(-1)).toEqual({ on: DAY, visits: 3, met: 2 })
  expect(overview.days.reduce((sum, { visits }) => sum + visits, 0)).toBe(4)
})
