import { describe, expect, test } from 'vitest'
import { erasureDue } from './erasure-due.ts'
import { RecordSet } from './record-set.ts'
import { retentionTable } from './retention.ts'
import {
  communityRecords,
  homeRecords,
  record,
  residentRecords,
  visitRecord,
} from './sample-records.test.data.ts'

const HOME = 'hh-1.2.301'
const home = [...communityRecords(), ...homeRecords('1', '2', '301')]
const due = (records: readonly ReturnType<typeof record>[], on: string) =>
  erasureDue(new RecordSet([...home, ...records]), on).map(({ record: id, dueOn, family }) => [
    id,
    dueOn,
    family,
  ])

const closed = record(
  'case',
  'old',
  { household: HOME, title: '楼道堆物' },
  {
    createdAt: Date.UTC(2026, 0, 10),
    timelines: {
      steps: ['report', 'decline'].map((step, at) => ({
        id: String(at),
        by: 'me-1111',
        at: Date.UTC(2026, 0, 10 + at),
        value: { step, saw: at === 0 ? [] : ['0'], note: '不归我们' },
      })),
    },
  },
)

describe('what has had its time', () => {
  test('a visit three years after it was made, by itself, while people live there', () => {
    const living = [...residentRecords('anna', HOME), visitRecord('old', HOME, '2026-11-24')]
    expect(due(living, '2029-11-22')).toEqual([])
    expect(due(living, '2029-11-23')).toEqual([['vi-old', '2029-11-23', 'vi-old']])
  })

  test('a sweep with its claims a year after its last day; claims of a week when none of them can hold any more', () => {
    const records = [
      record('sweep', '1', { name: '普查', from: '2026-11-01', to: '2026-11-24' }),
      record('claim', 'of-sweep', { sweep: 'sw-1' }),
      record('claim', 'of-week', { week: '2026-11-23' }),
    ]
    expect(due(records, '2027-11-23')).toEqual([])
    expect(due(records, '2027-12-06').map(([id, on]) => [id, on])).toEqual([
      ['cl-of-sweep', '2027-11-24'],
      ['sw-1', '2027-11-24'],
      ['cl-of-week', '2027-12-06'],
    ])
  })

  test('a closed case, never an open one', () => {
    const open = record('case', 'open', { household: HOME }, { createdAt: 0 })
    const living = [...residentRecords('anna', HOME), closed, open]
    expect(due(living, '2030-01-01').map(([id]) => id)).toEqual(['ca-old'])
  })

  test('somebody who moved out, with their residences, a year later; not while they live elsewhere', () => {
    const moved = residentRecords('bert', HOME, {}, { to: '2026-05-31' })
    const stays = residentRecords('anna', HOME)
    expect(due([...stays, ...moved], '2027-05-31')).toEqual([
      ['pe-bert', '2027-05-31', 'pe-bert'],
      ['re-bert', '2027-05-31', 'pe-bert'],
    ])
    const elsewhere = record('residence', 'new', { person: 'pe-bert', dwelling: 'dw-9' })
    expect(due([...stays, ...moved, elsewhere], '2040-01-01')).toEqual([])
    const dead = residentRecords('bert', HOME, { fields: { diedOn: '2026-05-31' } })
    expect(due([...stays, ...dead], '2027-05-31').map(([id]) => id)).toEqual(['pe-bert', 're-bert'])
  })

  test('an empty household goes with all that is about it, when the last of it has had its time', () => {
    const gone = [
      ...residentRecords('anna', HOME, {}, { to: '2026-01-31' }),
      visitRecord('last', HOME, '2026-01-20'),
      closed,
      record('consent', '1', { subject: 'pe-anna', purpose: 'photos', basis: 'consent', from: '2025-01-01' }),
      record('reveal', '1', { record: 'pe-anna', year: 2025 }),
      record('device', '1', { dwelling: 'dw-1.2.301', kind: 'electricity' }),
    ]
    // The consent, which ended when she left, is the last: 2026-01-31 and three years.
    expect(due(gone, '2027-02-01').map(([, , family]) => family)).toEqual(['pe-anna', 'pe-anna'])
    expect(due(gone, '2029-01-29').some(([id]) => id === HOME)).toBe(false)
    const rows = due(gone, '2029-01-30')
    expect(new Set(rows.map(([, , family]) => family))).toEqual(new Set([HOME]))
    expect(rows.map(([id]) => id).sort()).toEqual(
      [HOME, 'pe-anna', 're-anna', 'vi-last', 'ca-old', 'cn-1', 'rv-1', 'de-1'].sort(),
    )
    expect(
      due([...gone, record('case', 'open', { household: HOME })], '2040-01-01').some(([id]) => id === HOME),
    ).toBe(false)
  })

  test('a household where nobody was ever written down is never due', () => {
    expect(due([], '2100-01-01')).toEqual([])
  })

  test('a policy of the community replaces the period of its class; visiting rules are left alone', () => {
    const own = record('policy', 'keep', {
      name: '短存',
      retains: 'visit',
      intervalDays: 30,
      source: '居委会 2026',
    })
    const set = new RecordSet([...home, own, visitRecord('old', HOME, '2026-11-24')])
    expect(retentionTable(set).find((row) => row.class === 'visit')).toMatchObject({
      days: 30,
      policy: 'po-keep',
    })
    expect(erasureDue(set, '2026-12-24')).toMatchObject([
      { record: 'vi-old', class: 'visit', because: 'own-period' },
    ])
  })
})
