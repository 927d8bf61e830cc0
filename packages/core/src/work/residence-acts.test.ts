import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { basesOf } from './category-basis.ts'
import { plainOf } from './masked-record.ts'
import { listPeople, personCard } from './person-list.ts'
import { openRecordSet } from './record-set.ts'
import { addHousehold, addPerson } from './register-person.ts'
import { moveIn, moveOut, recordDeath, setAway, setReturned, undoResidence } from './residence-acts.ts'
import { residentsOf } from './residents.ts'
import { carry, type SampleStation, sampleStation } from './sample-station.test.data.ts'

let sample: SampleStation
let door: string
let other: string
beforeEach(async () => {
  sample = await sampleStation(2)
  ;[door, other] = sample.households as [string, string]
})
afterEach(() => sample.close())

const ON = '2026-11-24'
const set = () => openRecordSet(sample.station, { follow: false })
const add = async (name = '测试人员', rest: Partial<Parameters<typeof addPerson>[1]> = {}) =>
  expectOk(await addPerson(sample.station, { household: door, fields: { name }, ...rest })).person
const livesAt = (household: string, on = ON) => {
  const all = set()
  return residentsOf(all, all.get(household)!, on).map(({ person, present }) => [person.fields.name, present])
}
const stateOf = (person: string) => listPeople(set(), { on: ON }).find(({ id }) => id === person)?.state

test('somebody is registered with what their identity number says, and a sensitive category needs a basis', async () => {
  const fields = { name: '测试人员', idNumber: '990000195001010019', phone: '1380000123' }
  const without = await addPerson(sample.station, { household: door, fields, categories: ['low-income'] })
  expect(without).toMatchObject({ ok: false, problem: { type: 'basis-needed', categories: ['low-income'] } })
  const added = expectOk(
    await addPerson(sample.station, {
      household: door,
      fields,
      categories: ['low-income', 'elderly'],
      basis: { saidBy: '社区干部', on: '2026-03-01' },
      relation: 'head',
      from: '2020-01-01',
    }),
  )
  expect(added).toMatchObject({ filled: ['birthDate', 'gender'], warnings: [{ warning: 'phone-unusual' }] })
  const person = sample.station.get(added.person)!
  expect(plainOf(person).fields).toMatchObject({ birthDate: '1950-01-01', gender: 'male' })
  expect(basesOf(person)).toMatchObject([{ categories: ['elderly', 'low-income'], saidBy: '社区干部' }])
  expect(added.entries).toHaveLength(1)
  expect(livesAt(door)).toEqual([['测试人员', true]])
})

test('away, back, moved out, died: each one act, readable, and taken back in turn', async () => {
  const person = await add()
  expectOk(await setAway(sample.station, { person, reason: '在女儿家' }))
  expect(stateOf(person)).toBe('away')
  expectOk(await setReturned(sample.station, { person }))
  sample.setNow(sample.station.now + 1000)
  expectOk(await moveOut(sample.station, { person, on: '2026-11-20', destination: '外省' }))
  expect(livesAt(door)).toEqual([])
  expect(stateOf(person)).toBe('gone')
  expect(await setAway(sample.station, { person })).toMatchObject({ problem: { type: 'no-residence' } })
  expect(expectOk(await undoResidence(sample.station, { person, reason: '记错人了' })).undone).toBe(
    'moved-out',
  )
  expect(stateOf(person)).toBe('present')
  sample.setNow(sample.station.now + 1000)
  expectOk(await recordDeath(sample.station, { person, on: '2026-11-22' }))
  expect([stateOf(person), livesAt(door)]).toEqual(['died', []])
  expectOk(await undoResidence(sample.station, { person, reason: '记错人了' }))
  expect(plainOf(sample.station.get(person)!).fields.diedOn).toBeUndefined()
  expect(livesAt(door)).toEqual([['测试人员', true]])
  const { history } = personCard(set(), person, { on: ON })!
  expect(history.map(({ act, undone }) => `${act}${undone ? ' undone' : ''}`).sort()).toEqual([
    'away',
    'died undone',
    'moved-in',
    'moved-out undone',
    'returned',
  ])
  expect(history.find(({ act }) => act === 'moved-out')).toMatchObject({
    destination: '外省',
    on: '2026-11-20',
  })
})

test('a moving in that was a mistake is withdrawn, and what was changed since is not overwritten', async () => {
  const person = await add()
  expectOk(await undoResidence(sample.station, { person, reason: '门牌错了' }))
  expect([livesAt(door), stateOf(person)]).toEqual([[], 'nowhere'])
  expectOk(await moveIn(sample.station, { person, household: other, relation: 'child' }))
  expect(livesAt(other)).toEqual([['测试人员', true]])
  expect(await moveIn(sample.station, { person, household: other })).toMatchObject({
    problem: { type: 'lives-there' },
  })
  expectOk(await moveIn(sample.station, { person, household: door }))
  expect(await setAway(sample.station, { person })).toMatchObject({ problem: { type: 'several-residences' } })
  expectOk(await setAway(sample.station, { person, household: door }))
  expect([livesAt(door), livesAt(other)]).toEqual([[['测试人员', false]], [['测试人员', true]]])
})

test('two who note different things apart: both are there, and the day of moving out is a conflict', async () => {
  const person = await add()
  const colleague = await sample.colleague()
  expectOk(await moveOut(sample.station, { person, on: '2026-11-20', destination: '外省' }))
  expectOk(await moveOut(colleague, { person, on: '2026-11-22' }))
  await carry(colleague, sample.station)
  await carry(sample.station, colleague)
  for (const station of [sample.station, colleague]) {
    const [residence] = [...station.records({ type: 'residence' })]
    expect(residence!.conflicts.to?.map(({ value }) => value).sort()).toEqual(['2026-11-20', '2026-11-22'])
    expect(residence!.timelines.acts).toHaveLength(3)
  }
  expect(await undoResidence(sample.station, { person, reason: '问清楚' })).toMatchObject({ ok: true })
})

test('a day that is still to come is refused, and so is one before the residence began', async () => {
  const person = await add('测试人员', { from: '2026-11-10' })
  for (const [on, rule] of [
    ['2026-11-25', 'too-late'],
    ['2026-11-31', 'date'],
    ['2026-11-09', 'before-start'],
  ] as const)
    expect(await moveOut(sample.station, { person, on })).toMatchObject({
      problem: { type: 'invalid-field', rule },
    })
})

test('a dwelling that is added by two apart is one dwelling; a door that is there needs to be meant', async () => {
  const building = String(
    plainOf(sample.station.get(String(plainOf(sample.station.get(door)!).fields.dwelling))!).fields.building,
  )
  const colleague = await sample.colleague()
  const here = expectOk(
    await addHousehold(sample.station, { building, unit: '2', room: '305', fields: { name: '甲' } }),
  )
  const there = expectOk(
    await addHousehold(colleague, { building, unit: '2单元', room: '３０５室', fields: { name: '乙' } }),
  )
  expect(there.dwelling).toBe(here.dwelling)
  await carry(colleague, sample.station)
  expect(
    [...sample.station.records({ type: 'household' })].filter(
      ({ fields }) => fields.dwelling === here.dwelling,
    ),
  ).toHaveLength(2)
  const again = { building, unit: '2', room: '101' }
  expect(await addHousehold(sample.station, again)).toMatchObject({
    problem: { type: 'household-there', household: door },
  })
  expectOk(await addHousehold(sample.station, { ...again, another: true }))
  const made = { name: '9幢', space: sample.grid }
  const one = expectOk(await addHousehold(sample.station, { building: made, room: '101' }))
  const two = expectOk(
    await addHousehold(sample.station, { building: { ...made, name: '9 幢' }, room: '102' }),
  )
  expect(two.building).toBe(one.building)
})
