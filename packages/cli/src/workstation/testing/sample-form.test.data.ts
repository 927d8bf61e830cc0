/** Questions of every kind, and a form half filled. */
import type { Question, Repeat } from '@doorstep/core'
import type { FormFacts } from '../facts.ts'
import { LONG } from './sample-words.test.data.ts'

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
  about: '测试住户',
  register: {
    '/data/words': { hidden: null, isKnown: true, isSaved: true },
    '/data/secret': {
      hidden: { nodeset: '/data/secret', record: 'pe-1', field: 'phone', shown: '138****1111' },
      isKnown: false,
      isSaved: true,
    },
    '/data/code': {
      hidden: { nodeset: '/data/code', record: 'pe-1', field: 'idNumber', shown: '990000****1234' },
      isKnown: false,
      isSaved: true,
    },
  },
  changes: [
    {
      record: 'pe-1',
      of: 'person',
      field: 'phone',
      label: 'tel',
      before: '138****1111',
      after: '139****2222',
    },
    { record: 'hh-101', of: 'household', field: 'mind', label: LONG, before: LONG, after: null },
    { record: 'hh-101', of: 'household', field: 'tags', label: 'tags', before: ['dog'], after: ['deaf'] },
  ],
  newer: { from: '1', to: '2' },
  notCarriedOver: [{ type: 'question-unknown', question: 'old', label: 'old', reason: 'gone' }],
}
