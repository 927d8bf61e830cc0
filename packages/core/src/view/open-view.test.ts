import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { firstValueFrom } from 'rxjs'
import { filter, timeout } from 'rxjs/operators'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { eraseRecords } from '../station/erase.ts'
import {
  editHousehold,
  openCase,
  openRecordSet,
  recordVisit,
  settleConflict,
  stepCase,
  withdrawVisit,
} from '../work/index.ts'
import { carry, type SampleStation, sampleStation } from '../work/sample-station.test.data.ts'
import { type LiveQuery, openView, type View } from './open-view.ts'

let sample: SampleStation
let door: string
let view: View
beforeEach(async () => {
  sample = await sampleStation(3)
  door = sample.households[0]!
  view = await openView(sample.station)
})
afterEach(async () => {
  await view.close()
  await sample.close()
})

/** The first answer of a live query that is as wanted; says what it waited for when it does not come. */
const until = <T>(query: LiveQuery<T>, wanted: (value: T) => boolean) =>
  firstValueFrom(
    query.$.pipe(
      filter(wanted),
      timeout({
        first: 10_000,
        with: () => {
          throw new Error(`waited 10 s for ${wanted}`)
        },
      }),
    ),
  )

describe('openView', () => {
  test('A19 the card of an erased record goes, while it is looked at too', async () => {
    const before = view.households.count()
    expect(await before.exec()).toBe(3)
    expectOk(await eraseRecords(sample.station, [door], { reason: 'test' }))
    expect(await until(before, (count) => count === 2)).toBe(2)
    expect(await view.households.findOne(door).exec()).toBeNull()
    await view.settled()
    expect(JSON.stringify(await view.households.find().exec())).not.toContain(door)
  })

  test('lists what is there, in walking order, masked', async () => {
    const households = await view.households.find({ sort: [{ walk: 'asc' }] }).exec()
    expect(households.map((one) => one.address)).toEqual(['1幢2单元101室', '1幢2单元102室', '1幢2单元103室'])
    expect(households[0]).toMatchObject({
      id: door,
      phone: '138****1234',
      gridName: '一号网格',
      openCases: 0,
    })
    expect(await view.households.count({ selector: { stair: '1幢2单元' } }).exec()).toBe(3)
    expect(await view.households.findOne('hh-0000').exec()).toBeNull()
    expect(JSON.stringify(await view.households.find().exec())).not.toContain('13800001234')
  })

  test('a live query sees a local write', async () => {
    const live = until(view.households.findOne(door), (card) => card?.mind === '有小狗')
    expectOk(await editHousehold(sample.station, { household: door, set: { mind: '有小狗' } }))
    expect(await live).toMatchObject({ id: door, mind: '有小狗' })
  })

  test('a live query sees what a colleague wrote elsewhere, once it is admitted', async () => {
    const colleague = await sample.colleague()
    const live = until(view.visits.find(), (all) => all.length === 1)
    expectOk(await recordVisit(colleague, { household: door, outcome: 'absent' }))
    await carry(colleague, sample.station)
    expect(await live).toMatchObject([{ household: door, outcome: 'absent', byName: '测试员乙' }])
  })

  test('visits and cases are on their own cards and on the household’s', async () => {
    const { visit } = expectOk(
      await recordVisit(sample.station, { household: door, outcome: 'met', on: '2026-11-20' }),
    )
    const opened = expectOk(
      await openCase(sample.station, { household: door, kind: 'passage', title: '楼道堆物' }),
    )
    await view.settled()
    expect(await view.visits.find({ selector: { household: door } }).exec()).toMatchObject([
      { id: visit, on: '2026-11-20', outcome: 'met', byName: '测试员甲', address: '1幢2单元101室' },
    ])
    expect(await view.cases.find({ selector: { open: true } }).exec()).toMatchObject([
      { id: opened.case, state: 'reported', title: '楼道堆物' },
    ])
    expect(await view.households.findOne(door).exec()).toMatchObject({
      openCases: 1,
      lastVisitOn: '2026-11-20',
    })
    expectOk(await stepCase(sample.station, { case: opened.case, step: 'void', note: '重复' }))
    expectOk(await withdrawVisit(sample.station, { visit, reason: '走错门' }))
    await view.settled()
    expect(await view.households.findOne(door).exec()).toMatchObject({ openCases: 0, lastVisitOn: null })
    expect(await view.visits.findOne(visit).exec()).toMatchObject({ withdrawn: '走错门' })
  })

  test('a conflict has a card until it is settled', async () => {
    const live = until(view.conflicts.find(), (all) => all.length === 1)
    const dispute = { dispute: { phone: '13900005678' } }
    expectOk(await sample.station.write('record.edit', (book) => book.edit(door, dispute)))
    const [conflict] = await live
    expect(conflict).toMatchObject({ record: door, field: 'phone', title: '1幢2单元101室' })
    expect(conflict?.values.map((one) => one.value).sort()).toEqual(['138****1234', '139****5678'])
    await view.settled()
    expect((await view.households.findOne(door).exec())?.conflicts).toBe(1)
    const gone = until(view.conflicts.find(), (all) => all.length === 0)
    expectOk(
      await settleConflict(sample.station, {
        record: door,
        field: 'phone',
        write: conflict!.values[0]!.write,
      }),
    )
    expect(await gone).toEqual([])
    const again = until(view.conflicts.find(), (all) => all.length === 1)
    const other = { dispute: { phone: '13700000000' } }
    expectOk(await sample.station.write('record.edit', (book) => book.edit(door, other)))
    expect((await again)[0]?.values.map((one) => one.value)).toContain('137****0000')
  })

  test('a building’s new name is on every card of its doors', async () => {
    const { visit } = expectOk(await recordVisit(sample.station, { household: door, outcome: 'met' }))
    const building = sample.station.get(String(sample.station.get(door)?.fields.dwelling))?.fields.building
    expectOk(
      await sample.station.write('record.edit', (book) =>
        book.edit(String(building), { set: { name: '9幢' } }),
      ),
    )
    await view.settled()
    const [households, visits] = await Promise.all([
      view.households.find().exec(),
      view.visits.findOne(visit).exec(),
    ])
    expect(new Set(households.map((one) => one.stair))).toEqual(new Set(['9幢2单元']))
    expect(visits?.address).toBe('9幢2单元101室')
  })

  test('a record set of the caller’s stays open', async () => {
    const records = openRecordSet(sample.station)
    const second = await openView(sample.station, { records })
    expect(second.records).toBe(records)
    await second.close()
    expectOk(await editHousehold(sample.station, { household: door, set: { mind: '耳背' } }))
    expect(records.get(door)?.fields.mind).toBe('耳背')
    records.close()
  })
})

describe('closing', () => {
  test('ten views one after another: the collections are given back', async () => {
    await view.close()
    for (let round = 0; round < 10; round++) {
      const one = await openView(sample.station)
      expect(await one.households.count().exec()).toBe(3)
      await one.close()
    }
    view = await openView(sample.station)
  })

  test('leaves no handles: a process that opened and closed one ends by itself', async () => {
    const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)
    const program = `
      const { sampleStation } = await import(${here('../work/sample-station.test.data.ts')})
      const { openView } = await import(${here('./open-view.ts')})
      const sample = await sampleStation(1)
      const view = await openView(sample.station)
      const watching = view.households.find().$.subscribe(() => {})
      await view.close()
      await sample.close()
      console.log('closed', watching.closed)`
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      timeout: 30_000,
    })
    expect((await run).stdout.trim()).toBe('closed true')
  })

  test('the cards of a closed view are gone, not kept by the storage for the next one', async () => {
    const { getRxStorageMemory } = await import('rxdb/plugins/storage-memory')
    expect(getRxStorageMemory().collectionStates.size).toBe(0)
  })

  test('what was written while it closes is no error', async () => {
    const writing = editHousehold(sample.station, { household: door, set: { mind: '有小狗' } })
    await view.close()
    expectOk(await writing)
    view = await openView(sample.station)
    expect((await view.households.findOne(door).exec())?.mind).toBe('有小狗')
  })
})
