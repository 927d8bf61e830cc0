/** A day as the first screen, the evening and a chief see it: impossible people only. */
import type { Absence } from '@doorstep/core'
import type { ChiefView } from '../../station/chief-view.ts'
import type { Board, ClaimMark, DayFacts, DoorRow, NewsLine, TodoLine } from '../facts.ts'
import { author, DAY, LONG, SAMPLE_NOW_MS } from './sample-words.test.data.ts'

export function doorRow(room: string, more: Partial<DoorRow> = {}): DoorRow {
  return {
    id: `hh-${room}`,
    space: 'sp-1',
    stair: '1幢1单元',
    room,
    door: `1-1-${room}`,
    name: `测试住户 1-1-${room}`,
    categories: [],
    mind: null,
    minds: [],
    promise: null,
    todo: null,
    errand: null,
    absence: null,
    also: [],
    policy: '普通住户半年走访',
    attempts: 0,
    promised: false,
    device: null,
    overdueDays: 0,
    dueOn: DAY,
    today: null,
    todayAtMs: null,
    alarm: null,
    openCases: 0,
    lateCases: 0,
    claims: [],
    sweep: null,
    ...more,
  }
}

const mark = (by: string, double = false): ClaimMark => ({
  claim: `claim of ${by}`,
  by,
  mine: by === '测试员甲',
  atMs: SAMPLE_NOW_MS,
  until: DAY,
  sweep: double ? LONG : null,
  wide: double,
  double,
})

const sampleAbsence: Absence = {
  since: '2026-11-20',
  attempts: 2,
  tried: ['morning'],
  next: { step: 'neighbour', at: 2, dueOn: DAY },
  of: 4,
  case: 'ca-missed',
}

const todo = (id: string, more: Partial<TodoLine> = {}): TodoLine => ({
  id,
  household: null,
  door: '',
  text: LONG,
  on: '2026-11-20',
  by: '测试员甲',
  dueOn: '2026-11-22',
  overdueDays: 2,
  doneOn: null,
  open: true,
  promise: false,
  ...more,
})

export const sampleTodos: readonly TodoLine[] = [
  todo('dy-1'),
  todo('dy-2', { household: 'hh-101', door: '1-1-101', text: '带老花镜', promise: true, by: '' }),
  todo('dy-3', { dueOn: null, overdueDays: -1, open: false }),
  todo('dy-4', { open: false, doneOn: DAY }),
]

const sampleNews: readonly NewsLine[] = (['visit', 'case', 'diary', 'ticked'] as const).map((kind, at) => ({
  kind,
  door: at === 2 ? '' : '1-1-101',
  by: '测试员乙',
  atMs: SAMPLE_NOW_MS - at * 3_600_000,
  what: { visit: 'met', case: LONG, diary: null, ticked: null }[kind],
}))

export const sampleDay: DayFacts = {
  tally: {
    on: DAY,
    visits: {
      count: 12,
      outcomes: { met: 8, absent: 3, refused: 1 },
      modes: { door: 10, phone: 2 },
      asked: { count: 2, heard: 1 },
      forms: 6,
      promises: 3,
    },
    doors: { due: 14, done: 9, tried: 3, left: 2 },
    cases: { opened: 2, ended: 1, steps: 4 },
    errands: { opened: 1, steps: 2, ended: 0, live: 3, late: 1, owing: 2 },
    diary: { written: 3, done: 1 },
    open: [],
    tomorrow: { count: 7, first: null },
  },
  open: sampleTodos.filter(({ open }) => open),
  news: sampleNews,
  first: { door: '1-1-102', name: '测试住户 1-1-102' },
  unknownYears: [2027],
}

export const sampleOverview: ChiefView = {
  overview: {
    on: DAY,
    grids: ['一号网格', LONG].map((name, at) => ({
      grid: { id: `gr-${at}`, space: `sp-${at}`, name },
      households: 400,
      due: 60,
      late: 12,
      metToday: 9,
      met7: 130,
      missedLate: 2,
      openCases: 8,
      lateCases: at,
      doubleClaims: 1,
    })),
    workers: ['测试员甲', LONG].map((name, at) => ({
      by: { member: `me-${at}`, name },
      today: 12 - at,
      met: 8,
      absent: 3,
      refused: 1,
      seven: 40 - 30 * at,
      toGo: 5,
      lastOn: at === 0 ? DAY : null,
    })),
    days: Array.from({ length: 14 }, (_, at) => ({
      on: `2026-11-${String(11 + at)}`,
      visits: (at * 7) % 16,
      met: (at * 5) % 11,
    })),
    conflicts: 2,
  },
  held: 1,
  unheard: [],
}

export const sampleBoard: Board = {
  day: DAY,
  doors: [
    doorRow('101', { overdueDays: 2, categories: ['elderly-alone-80'], alarm: '26 小时未用水' }),
    doorRow('102', { mind: LONG, attempts: 1, claims: [mark('测试员乙', true), mark('测试员甲', true)] }),
    doorRow('103', {
      promise: '带老花镜',
      today: 'absent',
      todayAtMs: SAMPLE_NOW_MS - 60_000,
      categories: ['low-income'],
      absence: sampleAbsence,
    }),
    doorRow('104', { overdueDays: -3, dueOn: '2026-11-27', openCases: 1 }),
    doorRow('201', { stair: '1幢2单元', attempts: 2, claims: [mark('测试员乙')], sweep: 'sw-1' }),
    doorRow('202', { stair: '1幢2单元', overdueDays: null, dueOn: null, policy: null }),
  ],
  visitedToday: 3,
  todos: [todo('dy-1')],
  news: sampleNews,
  openCases: 2,
  lateCases: 1,
  soonCases: 2,
  notices: [
    {
      ...{ type: 'did-not-count', case: 'ca-1', title: LONG, household: 'hh-101', of: 's3', step: 'extend' },
      ...{ atMs: SAMPLE_NOW_MS, flag: 'not-from-state', by: author, theirStep: 'close' },
    },
    {
      ...{ type: 'awaits', case: 'ca-2', title: LONG, household: 'hh-101', of: 's7', step: 'extend' },
      ...{ atMs: SAMPLE_NOW_MS, by: author, note: LONG, due: '2026-12-01' },
    },
  ],
  conflicts: 1,
  held: 1,
  openSweeps: 1,
}
