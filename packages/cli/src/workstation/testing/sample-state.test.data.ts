/** A state with a fact for every screen, impossible people only: for tests without a station. */
import type { CaseCard, DispatchRow, HouseholdCard, Question, Repeat, SweepCard } from '@doorstep/core'
import type { Board, ClaimMark, DoorRow, Facts, FormFacts, SyncFacts } from '../facts.ts'
import { emptyHand, formScreen, pickFirst, type Screen } from '../screens.ts'
import { initialState, type State } from '../state.ts'

/** 2026-11-24 09:14 in Shanghai. */
export const SAMPLE_NOW_MS = Date.UTC(2026, 10, 24, 1, 14)
const DAY = '2026-11-24'
const LONG = '听力差,敲重些;有小狗;儿子每周三来;钥匙在隔壁测试住户 1-1-102 那里;不要按门铃'

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
    promise: null,
    policy: '普通住户半年走访',
    attempts: 0,
    promised: false,
    overdueDays: 0,
    dueOn: DAY,
    today: null,
    alarm: null,
    openCases: 0,
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

export const sampleBoard: Board = {
  day: DAY,
  doors: [
    doorRow('101', { overdueDays: 2, categories: ['elderly-alone-80'], alarm: '26 小时未用水' }),
    doorRow('102', { mind: LONG, attempts: 1, claims: [mark('测试员乙', true), mark('测试员甲', true)] }),
    doorRow('103', { promise: '带老花镜', today: 'absent', categories: ['low-income'] }),
    doorRow('104', { overdueDays: -3, dueOn: '2026-11-27', openCases: 1 }),
    doorRow('201', { stair: '1幢2单元', attempts: 2, claims: [mark('测试员乙')], sweep: 'sw-1' }),
    doorRow('202', { stair: '1幢2单元', overdueDays: null, dueOn: null, policy: null }),
  ],
  visitedToday: 3,
  openCases: 2,
  lateCases: 1,
  conflicts: 1,
  held: 1,
  openSweeps: 1,
}

const question = (name: string, more: Partial<Question> = {}): Question => ({
  ref: `/data/${name}`,
  name,
  path: name,
  kind: 'select-one',
  label: `${name}:电线老化、破损或私拉乱接`,
  hint: '看墙面明线、接头、穿门窗的线',
  required: true,
  readonly: false,
  relevant: true,
  value: null,
  choices: [
    { value: 'ok', label: '正常' },
    { value: 'hazard', label: '有隐患' },
  ],
  constraintMessage: null,
  problem: null,
  groups: ['用电'],
  repeat: null,
  appearances: [],
  range: null,
  media: null,
  page: null,
  ...more,
})

const many = Array.from({ length: 30 }, (_, at) => ({
  value: `v${at}`,
  label: `选项 ${at + 1} ${'长'.repeat(at)}`,
}))
export const sampleQuestions: readonly Question[] = [
  question('one'),
  question('many', { kind: 'select-many', value: ['ok'], required: false }),
  question('long', { choices: many }),
  question('words', { kind: 'text', required: false, value: LONG, choices: [] }),
  question('day', { kind: 'date', required: false, choices: [], value: '2026-12-01' }),
  question('order', { kind: 'rank', required: false }),
  question('tick', { kind: 'trigger', choices: [], required: false }),
  question('told', { kind: 'note', choices: [], required: false, groups: [] }),
  question('photo', { kind: 'upload', choices: [], media: 'image' }),
  question('scale', { kind: 'range', choices: [], range: { min: 1, max: 5, step: 1, whole: true } }),
  question('stars', {
    kind: 'range',
    choices: [],
    range: { min: 0, max: 10, step: 1, whole: true },
    appearances: ['rating'],
    value: 7,
  }),
  question('ticks', { kind: 'select-many', choices: many, value: ['v3', 'v7'], required: false }),
  question('lines', {
    kind: 'text',
    choices: [],
    required: false,
    value: `${LONG}\n${LONG}`,
    appearances: ['multiline'],
  }),
  question('secret', { kind: 'text', choices: [], value: '1234', appearances: ['masked', 'numbers'] }),
  question('month', { kind: 'date', choices: [], value: '2026-11-01', appearances: ['month-year'] }),
  question('time', { kind: 'time', choices: [], value: '14:30:00.000' }),
  question('moment', { kind: 'datetime', choices: [], value: '2026-11-24T14:30:00.000' }),
  question('place', {
    kind: 'geopoint',
    choices: [],
    value: { latitude: 31.2304, longitude: 121.4737, altitude: 4, accuracyMetres: 5 },
  }),
  question('code', { kind: 'barcode', choices: [], required: false }),
  question('money', { kind: 'integer', choices: [], value: 12345, appearances: ['thousands-sep'] }),
  question('page-1', { page: '/data/page', groups: ['一页'], value: 'ok' }),
  question('page-2', { page: '/data/page', groups: ['一页'], kind: 'text', choices: [] }),
  question('other', { kind: 'unsupported', choices: [] }),
  question('name', { kind: 'text', choices: [], ...inside(1), ref: '/data/people[1]/name', value: LONG }),
  question('name', { kind: 'text', choices: [], ...inside(2), ref: '/data/people[2]/name' }),
]

function inside(at: number): Partial<Question> {
  return { groups: ['家里的人'], repeat: { ref: '/data/people', index: at - 1, count: 2 } }
}
const people: Repeat = {
  kind: 'repeat',
  ref: '/data/people',
  path: 'people',
  label: '家里的人',
  count: 2,
  relevant: true,
  open: true,
  groups: [],
}

export const sampleForm: FormFacts = {
  title: '入户安全检查',
  places: [...sampleQuestions, people],
  answered: 3,
  of: 9,
  languages: ['中文 (zh)', 'English (en)'],
  spoken: '中文 (zh)',
  problems: [
    { type: 'answer-required', question: 'one', label: LONG, reason: 'an answer is required' },
    { type: 'answer-breaks-constraint', question: 'day', label: 'day', reason: '日期应在一年以内' },
  ],
  hazards: Array.from({ length: 12 }, (_, at) => ({
    title: `${LONG}${at}`,
    serious: at % 2 === 0,
    dueOn: at === 0 ? '2026-11-25' : null,
    dueInDays: at === 0 ? null : 7,
  })),
  skipped: { count: 5, because: '家里用什么燃气? 不用燃气' },
  leftOut: [
    { count: 5, because: '家里用什么燃气? 不用燃气' },
    { count: 2, because: LONG },
  ],
  notCarriedOver: [{ type: 'question-unknown', question: 'old', label: 'old', reason: 'gone' }],
}

const author = { member: 'me-1', name: '测试员甲' }
const visit = {
  id: 'vi-1',
  household: 'hh-101',
  address: '1幢1单元101室',
  outcome: 'met',
  on: '2026-11-17',
  mode: 'door',
  form: 'home-safety-check',
  formVersion: '1',
  sheet: null,
  answers: { electricity: { wiring: 'hazard', wiring_note: LONG }, list: ['a', 'b'] },
  note: LONG,
  nextOn: '2026-11-24',
  withdrawn: '记错了门',
  by: author,
  atMs: SAMPLE_NOW_MS - 7 * 86_400_000,
  contact: null,
  heard: false,
  datedAhead: true,
}
const caseRow = {
  id: 'ca-1',
  household: 'hh-101',
  address: '1幢1单元101室',
  visit: null,
  kind: 'passage-hazard',
  title: `楼道堆物${LONG}`,
  grade: 'serious',
  source: 'device',
  note: LONG,
  state: 'handling' as const,
  open: true,
  deadline: '2026-11-22',
  lateDays: 2,
  with: null,
  flagged: true,
  openedBy: author,
  openedAtMs: SAMPLE_NOW_MS,
}
const conflict = {
  id: 'hh-101/phone',
  record: 'hh-101',
  type: 'household',
  title: '1幢1单元101室',
  field: 'phone',
  label: ['联系电话', 'Phone'] as const,
  values: [
    { value: '138****1111', write: 'one', by: author, atMs: SAMPLE_NOW_MS - 90_000_000 },
    { value: LONG, write: 'two', by: { member: 'me-2', name: '测试员乙' }, atMs: SAMPLE_NOW_MS },
  ],
}

const card: HouseholdCard = {
  household: {
    id: 'hh-101',
    address: '1幢1单元101室',
    grid: null,
    fields: { name: '测试住户 1-1-101', mind: LONG, promise: '带老花镜', phone: '138****1111', note: LONG },
    categories: ['elderly-alone-80', 'low-income'],
    tags: ['有狗', '二楼'],
    movedTo: null,
  },
  dwelling: null,
  building: null,
  residents: [
    {
      person: 'pe-1',
      residence: 're-1',
      fields: { name: '测试人员 1-1-101', phone: '138****2222' },
      categories: ['dementia'],
      relation: null,
      age: 82,
      present: false,
      state: 'away',
      kind: null,
      mismatch: 'absent',
      from: null,
      to: null,
    },
  ],
  devices: [],
  cases: [caseRow, { ...caseRow, id: 'ca-2', source: 'worker', flagged: false }],
  visits: [visit],
  conflicts: [conflict],
  suggestions: [],
  bases: [],
  next: null,
}

const caseCard: CaseCard = {
  ...caseRow,
  steps: Array.from({ length: 20 }, (_, at) => ({
    id: `s${at}`,
    step: 'note',
    note: LONG,
    to: '物业',
    due: '2026-12-01',
    state: 'handling' as const,
    flag: at === 3 ? ('not-from-state' as const) : null,
    by: author,
    atMs: SAMPLE_NOW_MS - at * 1000,
    via: at === 5 ? '物业' : null,
    shared: at === 6 ? ['phone'] : [],
  })),
}

const dispatchRow: DispatchRow = {
  id: 'dp-1',
  desk: '物业',
  kind: 'case',
  title: LONG,
  about: 'facility',
  grade: 'serious',
  address: '1幢1单元101室',
  deadline: '2026-11-20',
  lateDays: 4,
  state: 'sent',
  open: true,
  from: '测试员甲',
  case: null,
}

const counts = {
  doors: 48,
  visited: 11,
  refused: 1,
  claimed: 20,
  unclaimed: 16,
  doubleClaimed: 2,
  nobodyHome: 3,
  formless: 1,
  doubleVisited: 1,
}
const sweepDoor = {
  household: 'hh-102',
  address: '1幢1单元102室',
  space: 'sp-1',
  building: 'bu-1',
  state: 'open' as const,
  claims: [],
  visits: [
    { visit: 'vi-1', outcome: 'met', on: DAY, by: author, atMs: SAMPLE_NOW_MS },
    { visit: 'vi-2', outcome: 'met', on: DAY, by: { member: 'me-2', name: LONG }, atMs: SAMPLE_NOW_MS },
  ],
  double: true,
  doubleVisited: true,
}
const sweepCard: SweepCard = {
  round: 'sw-1',
  name: `冬季敲门行动${LONG}`,
  form: null,
  from: DAY,
  to: '2026-12-01',
  tag: null,
  state: 'open',
  by: author,
  atMs: SAMPLE_NOW_MS,
  counts,
  parts: ['1', '2'].map((name) => ({
    sweep: `sw-${name}`,
    grid: { id: `gr-${name}`, space: `sp-${name}`, name: `${name}号网格` },
    space: `sp-${name}`,
    state: 'open',
    closedOn: null,
    counts,
  })),
  buildings: ['1幢', '2幢', LONG].map((name) => ({ building: name, name, space: 'sp-1', counts })),
  workers: [author, { member: 'me-2', name: LONG }].map((by) => ({
    ...{ by, claimed: 12, doubleClaimed: 2, visited: 7, refused: 1, nobodyHome: 3, formless: 1 },
  })),
  doors: Array.from({ length: 6 }, () => sweepDoor),
}
function samplePeer(
  station: string,
  name: string,
  more: Partial<SyncFacts['spaces'][number]['peers'][number]> = {},
): SyncFacts['spaces'][number]['peers'][number] {
  return {
    station,
    name,
    space: 'sp-1',
    gateway: false,
    state: 'differs',
    entries: 1281,
    lacks: 0,
    ahead: 0,
    atMs: SAMPLE_NOW_MS,
    via: 'lan',
    equalAtMs: null,
    reads: true,
    ...more,
  }
}
const sampleUnheard: SyncFacts['unheard'][number] = {
  station: 'st-4',
  member: 'me-4',
  by: 'met',
  atMs: SAMPLE_NOW_MS - 9 * 86_400_000,
  days: 9,
  clockSaysMs: SAMPLE_NOW_MS + 400 * 86_400_000,
  name: '丁的笔记本',
  memberName: '测试员丁',
  grids: ['二号网格'],
}

export const sampleFacts: Facts = {
  board: sampleBoard,
  drafts: new Map([
    ['hh-101', { household: 'hh-101', form: 'home-safety-check', atMs: SAMPLE_NOW_MS, answered: 3, of: 19 }],
  ]),
  search: {
    text: '101',
    matches: [
      {
        id: 'hh-101',
        household: 'hh-101',
        kind: 'household',
        title: LONG,
        address: '1幢1单元101室',
        overdueDays: 2,
      },
      {
        id: 'pe-1',
        household: 'hh-101',
        kind: 'person',
        title: '测试人员',
        address: LONG,
        overdueDays: null,
      },
    ],
  },
  photos: [],
  door: {
    card,
    door: '1-1-101',
    visitedToday: false,
    masked: [
      { record: 'hh-101', field: 'phone', whose: '', label: ['联系电话', 'Phone'], shown: '138****1111' },
      { record: 'pe-1', field: 'phone', whose: LONG, label: ['电话', 'Phone'], shown: '138****2222' },
    ],
    meters: [
      {
        kind: 'water',
        name: null,
        days: [1, 2, 0, 3],
        lastText: '12 m³',
        lastOn: '2026-11-23',
        lastDay: 0,
        usual: 1.5,
        unit: 'm³',
        expiresOn: '2026-10-01',
      },
      {
        kind: 'smoke',
        name: null,
        days: [],
        lastText: '',
        lastOn: '',
        lastDay: null,
        usual: null,
        unit: '',
        expiresOn: null,
      },
    ],
  },
  cases: [{ ...caseRow, household: 'hh-101', title: caseRow.title, with: null }],
  case: caseCard,
  dispatches: [dispatchRow, { ...dispatchRow, id: 'dp-2', state: 'closed', open: false, lateDays: 0 }],
  dispatch: {
    ...dispatchRow,
    note: LONG,
    bring: LONG,
    told: [{ field: 'phone', label: ['联系电话', 'Phone'], value: '13800001111' }],
    steps: Array.from({ length: 12 }, (_, at) => ({
      id: `r${at}`,
      step: at % 2 === 0 ? 'question' : 'answer',
      note: LONG,
      by: author,
      atMs: SAMPLE_NOW_MS - at * 1000,
      outside: at % 2 === 0,
    })),
  },
  conflicts: [conflict],
  quarantine: [
    {
      id: '0123456789ab',
      from: 'st-3',
      fromName: '丙的笔记本(很长的名字很长的名字)',
      reason: 'station-not-standing',
      since: SAMPLE_NOW_MS - 3_600_000,
      log: 'aa',
      seq: 3,
      releasable: true,
      refusedForGood: false,
    },
    {
      id: 'ffffffffffff',
      from: 'st-4',
      fromName: 'st-4',
      reason: 'signature',
      since: SAMPLE_NOW_MS,
      log: 'bb',
      seq: 1,
      releasable: false,
      refusedForGood: true,
    },
  ],
  sync: {
    station: 'st-1',
    name: '甲的笔记本',
    listening: '0.0.0.0:7345',
    spaces: [
      {
        id: 'sp-1',
        kind: 'grid',
        name: '一号网格(名字特别特别长的网格)',
        entries: 1284,
        digest: '7f3ac21e',
        recordsDigest: null,
        peers: [
          samplePeer('st-2', '居委会', { gateway: true, state: 'equal', atMs: SAMPLE_NOW_MS - 120_000 }),
          samplePeer('st-3', '乙的笔记本', { lacks: 3, atMs: SAMPLE_NOW_MS - 86_400_000 }),
          samplePeer('st-4', '丁的笔记本(名字特别特别长的站点)', {
            state: 'says-same',
            atMs: SAMPLE_NOW_MS - 9 * 86_400_000,
            via: 'bundle',
          }),
          samplePeer('st-5', '戊的笔记本', { state: 'unheard', atMs: null, via: null }),
        ],
      },
      {
        id: 'co-1',
        kind: 'members',
        name: '',
        entries: 7,
        digest: '00001111',
        recordsDigest: null,
        peers: [
          samplePeer('st-2', '居委会', { state: 'equal' }),
          samplePeer('st-3', '乙', { state: 'equal' }),
        ],
      },
    ],
    live: new Map([['st-3', { via: 'lan', sent: 2, toSend: 1, received: 0, toReceive: 0 }]]),
    lastVisit: {
      visit: 'vi-1',
      address: '1-2-201',
      atMs: SAMPLE_NOW_MS - 720_000,
      holders: [
        { station: 'st-1', name: '甲的笔记本' },
        { station: 'st-2', name: '居委会' },
      ],
      gateways: [{ station: 'st-2', name: '居委会' }],
    },
    visitsToday: { count: 12, onlyHere: 3 },
    work: { onlyHere: 3, sinceMs: SAMPLE_NOW_MS - 3 * 86_400_000 },
    unheard: [sampleUnheard],
    held: 1,
    refused: 1,
    tried: {
      multicast: { state: 'silent', machines: 0, detail: '' },
      interfaces: [{ name: 'wlan0', address: '192.0.2.5' }],
      tried: [
        { address: '192.0.2.7:7345', how: 'last-known', station: null, problem: 'unreachable', code: LONG },
        { address: '192.0.2.8:7345', how: 'typed', station: null, problem: 'unreachable', code: 'timed out' },
      ],
    },
  },
  truth: {
    onlyHere: 3,
    aloneSinceMs: null,
    lastMetMs: SAMPLE_NOW_MS - 56_000_000,
    meeting: [],
    equal: false,
    toSend: 0,
    toReceive: 0,
    progress: {
      entries: { done: 1234, total: 3300 },
      bytes: { done: 1_210_000, total: 3_400_000 },
      percent: 37,
      bytesPerSecond: 210_000,
      leftMs: 10_400,
      blobsLeft: 0,
    },
    unheard: [sampleUnheard],
  },
  history: [visit, { ...visit, id: 'vi-2', withdrawn: null, note: null, outcome: 'refused' }],
  sweeps: [sweepCard, { ...sweepCard, round: 'sw-9', state: 'closed', counts: { ...counts, visited: 47 } }],
  form: sampleForm,
  presence: new Map([['hh-102', '测试员乙']]),
}

export const sampleState = (given: Partial<State> = {}): State => ({
  ...initialState({
    language: 'zh',
    timeZone: 'Asia/Shanghai',
    nowMs: SAMPLE_NOW_MS,
    size: { columns: 80, rows: 24 },
    who: { member: '测试员甲', grids: '一号网格', releases: true, outside: false },
  }),
  facts: sampleFacts,
  ...given,
})

const household = 'hh-101'
const form = formScreen(household, 'home-safety-check')
const newCase = {
  type: 'new-case',
  household,
  kind: 'passage-hazard',
  title: LONG,
  grade: 'serious',
  entry: '7',
  badDate: false,
} as const
const quick = { type: 'quick', household, next: 0, note: '', typing: false } as const

/** Every screen in each of its ways of being. */
export const anyScreens: readonly Screen[] = [
  { type: 'today', scope: 'due', pick: pickFirst },
  { type: 'today', scope: 'all', pick: { id: 'hh-202', at: 5 } },
  { type: 'search', text: '101', pick: pickFirst },
  { type: 'search', text: '', pick: pickFirst },
  { type: 'search', text: LONG.repeat(3), pick: pickFirst },
  { type: 'door', household, scroll: 0 },
  { type: 'door', household, scroll: 3 },
  ...sampleQuestions.map((one): Screen => ({ ...form, at: one.ref })),
  { ...form, at: '/data/words', entry: LONG.repeat(3) },
  { ...form, at: '/data/long', entry: '12' },
  { ...form, at: '/data/long', entry: '长长' },
  { ...form, at: '/data/long', hand: { ...emptyHand, mark: 29 } },
  { ...form, at: '/data/long', entry: 'nothing like it', problem: sampleForm.problems[0]! },
  { ...form, at: '/data/ticks', hand: { ...emptyHand, mark: 7 } },
  {
    ...form,
    at: '/data/order',
    hand: { mark: 1, order: ['hazard', 'ok'], taken: 0, held: true, armed: false },
  },
  { ...form, at: '/data/order', hand: { ...emptyHand, order: ['hazard', 'ok'], taken: 1 } },
  { ...form, at: '/data/moment', entry: '昨天 1430' },
  { ...form, at: '/data/people' },
  { ...form, at: '/data/people', hand: { ...emptyHand, mark: 1, armed: true } },
  { ...form, at: 'summary', hand: { ...emptyHand, mark: 5 } },
  { ...form, at: '/data/day', entry: '7', problem: sampleForm.problems[1]! },
  { ...form, at: 'summary' },
  { ...form, at: null },
  { ...quick, outcome: 'absent' },
  { ...quick, outcome: 'refused', note: LONG, typing: true },
  { type: 'drop-draft', household },
  { ...newCase, step: 'kind', kind: '', title: '' },
  { ...newCase, step: 'title' },
  { ...newCase, step: 'grade' },
  { ...newCase, step: 'due', badDate: true },
  { type: 'cases', household: null, scope: 'open', pick: pickFirst },
  { type: 'case', id: 'ca-1', at: 2, pending: null },
  {
    type: 'case',
    id: 'ca-1',
    at: 2,
    pending: { step: 'return', field: 'note', note: LONG, due: '', missing: true },
  },
  {
    type: 'case',
    id: 'ca-1',
    at: 2,
    pending: { step: 'extend', field: 'due', note: '', due: '7', missing: false },
  },
  { type: 'dispatches', scope: 'open', pick: pickFirst },
  { type: 'dispatch', id: 'dp-1', at: 1, pending: null },
  { type: 'dispatch', id: 'dp-1', at: 3, pending: { step: 'question', note: LONG, missing: true } },
  { type: 'conflicts', pick: pickFirst },
  { type: 'conflict', record: 'hh-101', field: 'phone', at: 1, entry: null },
  { type: 'conflict', record: 'hh-101', field: 'phone', at: 1, entry: LONG },
  { type: 'reveal', household, only: null, at: 1, seen: null },
  {
    type: 'reveal',
    household,
    only: null,
    at: 0,
    seen: { record: 'hh-101', field: 'phone', texts: [LONG, LONG], untilMs: SAMPLE_NOW_MS + 30_000 },
  },
  { type: 'reveal', household: null, only: { record: 'hh-101', field: 'phone' }, at: 0, seen: null },
  { type: 'quarantine', pick: pickFirst },
  { type: 'sync', prompt: null, scroll: 0 },
  { type: 'sync', prompt: { kind: 'write', text: LONG }, scroll: 0 },
  { type: 'history', household, pick: pickFirst },
  { type: 'visit', household, visit: 'vi-1', scroll: 0 },
  { type: 'sweeps', pick: pickFirst },
  { type: 'sweep', round: 'sw-1', scroll: 0 },
  { type: 'help', of: 'form', scroll: 0 },
  { type: 'help', of: 'today', scroll: 2 },
]
