import { describe, expect, it } from 'vitest'
import { type AnswerShape, isoDate, isoDateTime, isoTime, parseAnswer } from './answer-parse.ts'
import { readGeopoint } from './geopoint.ts'

const shape = (kind: AnswerShape['kind'], more: Partial<AnswerShape> = {}): AnswerShape => ({
  kind,
  choices: [],
  range: null,
  ...more,
})
const stored = (kind: AnswerShape['kind'], value: unknown, more?: Partial<AnswerShape>) => {
  const parsed = parseAnswer(shape(kind, more), value)
  return parsed.ok ? (parsed.value.type === 'text' ? parsed.value.text : parsed.value) : parsed.problem.type
}

describe('dates', () => {
  it.each([
    ['2026-03-05', '2026-03-05'],
    ['2026-3-5', '2026-03-05'],
    ['2026/3/5', '2026-03-05'],
    ['2026.3.5', '2026-03-05'],
    ['20260305', '2026-03-05'],
    ['2026年3月5日', '2026-03-05'],
    ['2024-02-29', '2024-02-29'],
    ['2000-02-29', '2000-02-29'],
    ['1900-02-29', null],
    ['2026-02-30', null],
    ['2026-13-01', null],
    ['2026-00-10', null],
    ['2026-04-31', null],
    ['0000-01-01', null],
    ['2026-3/5', null],
    ['26-3-5', null],
    ['2026-03-05T00:00', null],
    ['tomorrow', null],
  ])('%s is %s', (typed, date) => expect(isoDate(typed)).toBe(date))

  it.each([
    ['14:30', '14:30:00.000'],
    ['7:05:09.5', '07:05:09.500'],
    ['23:59:59.9999+08:00', '23:59:59.999+08:00'],
    ['00:00Z', '00:00:00.000Z'],
    ['24:00', null],
    ['12:60', null],
    ['12', null],
    ['12:00+15:00', null],
  ])('time %s is %s', (typed, time) => expect(isoTime(typed)).toBe(time))

  it.each([
    ['2026-03-05T14:30:00.000+08:00', '2026-03-05T14:30:00.000+08:00'],
    ['2026年3月5日 14:30', '2026-03-05T14:30:00.000'],
    ['2026-03-05', '2026-03-05T00:00:00.000'],
    ['2026-02-30T10:00', null],
    ['2026-03-05T25:00', null],
  ])('moment %s is %s', (typed, moment) => expect(isoDateTime(typed)).toBe(moment))
})

describe('numbers', () => {
  it.each([
    ['2147483647', '2147483647'],
    [-2_147_483_648, '-2147483648'],
    ['2147483648', 'answer-out-of-range'],
    [-0, '0'],
    ['\uff0d\uff17', '-7'],
    ['007', '7'],
    ['7.0', 'answer-wrong-type'],
    ['0x10', 'answer-wrong-type'],
    [true, 'answer-wrong-type'],
    ['  ', ''],
    [undefined, ''],
  ])('integer %j is stored as %j', (typed, text) => expect(stored('integer', typed)).toBe(text))

  it.each([
    ['.5', '0.5'],
    ['5.', '5'],
    [1e21, '1000000000000000000000'],
    [1e-7, '0.0000001'],
    [Number.POSITIVE_INFINITY, 'answer-wrong-type'],
    ['1,5', 'answer-wrong-type'],
    [-1.5e-10, '-0.00000000015'],
    [-12345.678e20, '-1234567800000000000000000'],
    [1e-21, 'answer-wrong-type'],
  ])('decimal %j is stored as %j', (typed, text) => expect(stored('decimal', typed)).toBe(text))

  it('ranges count in their steps, downwards too', () => {
    const range = { min: 0, max: 1, step: 0.1, whole: false }
    expect(stored('range', 0.3, { range })).toBe('0.3')
    expect(stored('range', 0.35, { range })).toBe('answer-wrong-type')
    expect(stored('range', -1, { range: { min: 5, max: -5, step: -2, whole: true } })).toBe('-1')
    expect(stored('range', 6, { range: { min: 5, max: -5, step: -2, whole: true } })).toBe(
      'answer-out-of-range',
    )
  })
})

describe('choices, places and files', () => {
  const choices = ['1', '2', 'three'].map((value) => ({ value, label: value }))
  it('takes choices by value, numbers too, each once', () => {
    expect(stored('select-one', 2, { choices })).toEqual({ type: 'list', list: ['2'] })
    expect(stored('select-many', '1 three', { choices })).toEqual({ type: 'list', list: ['1', 'three'] })
    expect(stored('select-many', [2, '2'], { choices })).toEqual({ type: 'list', list: ['2'] })
    expect(stored('select-many', [], { choices })).toEqual({ type: 'list', list: [] })
    expect(stored('select-many', [['1']], { choices })).toBe('answer-wrong-type')
    expect(stored('select-one', 'Three', { choices })).toBe('choice-unknown')
    expect(stored('select-one', { value: '1' }, { choices })).toBe('answer-wrong-type')
  })

  it('takes places in degrees', () => {
    expect(stored('geopoint', { latitude: 0, longitude: -180 })).toBe('0 -180 0 0')
    expect(stored('geopoint', '90 180 12.5 3')).toBe('90 180 12.5 3')
    for (const place of ['30', '30 181', '30 120 0 -1', '30 120 0 0 0', '0 0', 'here', { latitude: 30 }, 30])
      expect(stored('geopoint', place)).toBe('answer-wrong-type')
  })

  it('takes files with a plain name only', () => {
    const file = (name: string, base64 = 'AQ==') => stored('upload', { name, mediaType: 'image/png', base64 })
    expect(file('a.png')).toMatchObject({ type: 'file', file: { name: 'a.png', bytes: new Uint8Array([1]) } })
    for (const name of ['', ' a', '../a.png', 'a/b', 'a\\b']) expect(file(name)).toBe('answer-wrong-type')
    expect(file('a.png', 'not base64!')).toBe('answer-wrong-type')
  })
})

describe('places', () => {
  const none = { altitude: 0, accuracyMetres: 0 }
  const stair = { latitude: 31.2304, longitude: 121.4737 }
  it.each([
    ['31.2304,121.4737', { ...stair, ...none }],
    ['31.2304，121.4737', { ...stair, ...none }],
    ['31.2304 121.4737 12 5', { ...stair, altitude: 12, accuracyMetres: 5 }],
    ['31.2304 121.4737 ±5', { ...stair, altitude: 0, accuracyMetres: 5 }],
    ['31.2304N 121.4737E', { ...stair, ...none }],
    ['E121.4737, N31.2304 10m ±4m', { ...stair, altitude: 10, accuracyMetres: 4 }],
    ['北纬31.2304 东经121.4737', { ...stair, ...none }],
    ['31°30\'0"N 121°28\'12"E', { latitude: 31.5, longitude: 121.47, ...none }],
    ['31度30分 121度28分12秒', { latitude: 31.5, longitude: 121.47, ...none }],
    ['33.86S 151.2E', { latitude: -33.86, longitude: 151.2, ...none }],
    ['-33.86 151.2 -3', { latitude: -33.86, longitude: 151.2, altitude: -3, accuracyMetres: 0 }],
    ['31.2304', null],
    ['31.2304121.4737', null],
    ['91 0', null],
    ['0 0', null],
    ['31N 32N', null],
    ["31°61'N 121E", null],
    ['N31 E121 1 2 3', null],
  ])('%s is %j', (typed, place) => expect(readGeopoint(typed)).toEqual(place))
})

describe('months and years', () => {
  it.each([
    ['month-year', '2026-11', '2026-11-01'],
    ['month-year', '202611', '2026-11-01'],
    ['month-year', '2026年3月', '2026-03-01'],
    ['month-year', '2026-13', 'answer-wrong-type'],
    ['year', '2026', '2026-01-01'],
    ['year', '2026-03-05', '2026-03-05'],
    ['', '2026', 'answer-wrong-type'],
  ])('%s: %s is kept as %s', (appearance, typed, day) =>
    expect(stored('date', typed, { appearances: [appearance] })).toBe(day),
  )
})
