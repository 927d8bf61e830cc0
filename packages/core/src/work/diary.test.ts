import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { caseCard } from './case-list.ts'
import { addDiary, listDiary, tickDiary } from './diary.ts'
import { openAbsenceCase } from './open-absence-case.ts'
import { openRecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { carry, sampleStation } from './sample-station.test.data.ts'

test('two stations apart open the same case of the same absence, and tick the same line: one case, one line, no question', async () => {
  const sample = await sampleStation(1)
  const { station: founder } = sample
  const household = sample.households[0]!
  const other = await sample.colleague()
  const { diary } = expectOk(await addDiary(founder, { text: '带老花镜', household, dueOn: '2026-11-25' }))
  expectOk(await recordVisit(founder, { household, outcome: 'absent', on: '2026-11-22' }))
  await carry(founder, other)
  const set = (station: typeof founder) => openRecordSet(station, { follow: false })
  const [a, b] = [
    expectOk(await openAbsenceCase(founder, set(founder), household)),
    expectOk(await openAbsenceCase(other, set(other), household)),
  ]
  expect([a.opened, b.opened, a.case]).toEqual([true, true, b.case])
  for (const station of [founder, other]) expectOk(await tickDiary(station, { diary }))
  await carry(founder, other)
  await carry(other, founder)
  for (const station of [founder, other]) {
    const all = set(station)
    expect([...all.ofType('case')].map(({ id }) => id)).toEqual([a.case])
    expect([...all.inConflict()]).toEqual([])
    expect(caseCard(all, a.case, { on: '2026-11-24' })).toMatchObject({
      state: 'reported',
      open: true,
      flagged: false,
      kind: 'nobody-home',
    })
    expect(listDiary(all, { on: '2026-11-24', open: true })).toEqual([])
    expect(expectOk(await openAbsenceCase(station, all, household)).opened).toBe(false)
  }
  expect(await tickDiary(other, { diary })).toMatchObject({ problem: { type: 'ticked-already' } })
  await sample.close()
})

test('what is not possible is said, and nothing is written', async () => {
  const sample = await sampleStation(1)
  const { station: founder } = sample
  const household = sample.households[0]!
  const before = founder.digest(sample.grid).digest
  const refused = [
    await addDiary(founder, { text: ' ', household }),
    await addDiary(founder, { text: '楼道灯' }),
    await addDiary(founder, { text: '楼道灯', space: 'sp-none' }),
    await addDiary(founder, { text: '楼道灯', household, dueOn: '2026-11-23' }),
    await addDiary(founder, { text: '楼道灯', household: 'hh-none' }),
    await openAbsenceCase(founder, openRecordSet(founder, { follow: false }), household),
    await recordVisit(founder, { household, outcome: 'met', contact: 'neighbour' }),
    await recordVisit(founder, { household, outcome: 'absent', heard: true }),
  ]
  expect(refused.map((one) => !one.ok && one.problem.type)).toEqual([
    'invalid-field',
    'diary-without-place',
    'no-such-grid',
    'invalid-field',
    'no-such-record',
    'nobody-missed',
    'invalid-field',
    'invalid-field',
  ])
  expect(founder.digest(sample.grid).digest).toEqual(before)
  const note = expectOk(await addDiary(founder, { text: '只是记一下', household }))
  expect(await tickDiary(founder, { diary: note.diary })).toMatchObject({
    problem: { type: 'nothing-to-do' },
  })
  await sample.close()
})
