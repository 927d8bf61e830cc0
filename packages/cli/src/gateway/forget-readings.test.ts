import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createCommunity,
  expectOk,
  giveConsent,
  ok,
  openRecordSet,
  openSeries,
  retireDevice,
  withdrawConsent,
} from '@doorstep/core'
import { expect, onTestFinished, test } from 'vitest'
import { forgetReadings } from './forget-readings.ts'

test('what a gateway read of a device goes when the device is retired, and its record says how much it was', async () => {
  const home = mkdtempSync(join(tmpdir(), 'doorstep-retired-'))
  const station = expectOk(
    await createCommunity({
      home,
      secret: { type: 'key', bytes: new Uint8Array(32) },
      ...{ community: '测试社区', member: '测试员甲', grids: ['一号网格'] },
    }),
  )
  const series = expectOk(openSeries(station))
  onTestFinished(async () => {
    await series.close()
    await station.close()
    rmSync(home, { recursive: true, force: true })
  })
  const grid = station.spaces().find(({ kind }) => kind === 'grid')!.id
  const [kept, retired] = expectOk(
    await station.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      const dwelling = expectOk(book.create('dwelling', grid, { set: { building, room: '101' } }))
      const meter = () => expectOk(book.create('device', grid, { set: { dwelling, kind: 'water' } }))
      return ok([meter(), meter()] as const)
    }),
  ).value
  const atMs = station.now - 3_600_000
  const heard = [kept, retired].flatMap((device) =>
    [0, 1, 2].map((at) => ({ device, signal: 'water' as const, atMs: atMs + at * 60_000, value: 10 + at })),
  )
  expectOk(await series.append(heard))
  const set = openRecordSet(station)
  expect(expectOk(await forgetReadings(station, series, set))).toEqual({ devices: 0 })
  expectOk(await retireDevice(station, { device: retired, because: 'resident-asked' }))
  expect(expectOk(await forgetReadings(station, series, set))).toEqual({ devices: 1 })
  expect(series.devices()).toEqual([kept])
  expect(station.get(retired)!.timelines.erased).toMatchObject([{ value: { observations: 3 } }])
  // Done once: nothing is left to erase, and nothing is said again.
  expect(expectOk(await forgetReadings(station, series, set))).toEqual({ devices: 0 })
  expect(station.get(retired)!.timelines.erased).toHaveLength(1)
  set.close()
})

test('what was read goes when the home takes its word back or lets it run out, not while nobody has spoken', async () => {
  const home = mkdtempSync(join(tmpdir(), 'doorstep-ended-'))
  let nowMs = Date.UTC(2026, 9, 20, 4)
  const station = expectOk(
    await createCommunity({
      home,
      secret: { type: 'key', bytes: new Uint8Array(32) },
      ...{ community: '测试社区', member: '测试员甲', grids: ['一号网格'], timeZone: 'Asia/Shanghai' },
      now: () => nowMs,
    }),
  )
  const series = expectOk(openSeries(station))
  onTestFinished(async () => {
    await series.close()
    await station.close()
    rmSync(home, { recursive: true, force: true })
  })
  const grid = station.spaces().find(({ kind }) => kind === 'grid')!.id
  const homes = expectOk(
    await station.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      return ok(
        ['101', '102', '103'].map((room) => {
          const dwelling = expectOk(book.create('dwelling', grid, { set: { building, room } }))
          const household = expectOk(book.create('household', grid, { set: { dwelling, name: room } }))
          return {
            household,
            meter: expectOk(book.create('device', grid, { set: { dwelling, kind: 'water' } })),
          }
        }),
      )
    }),
  ).value
  const [taken, runsOut, unsaid] = homes.map(({ meter }) => meter) as [string, string, string]
  const consent = { purpose: 'monitor-water', how: 'paper', from: '2026-10-01' } as const
  const given = expectOk(await giveConsent(station, { ...consent, subject: homes[0]!.household }))
  expectOk(await giveConsent(station, { ...consent, subject: homes[1]!.household, until: '2026-10-25' }))
  for (const device of [taken, runsOut, unsaid])
    expectOk(await series.append([{ device, signal: 'water', atMs: nowMs - 60_000, value: 1 }]))
  const forget = async () =>
    expectOk(await forgetReadings(station, series, openRecordSet(station, { follow: false })))
  expect(await forget()).toEqual({ devices: 0 })
  expectOk(await withdrawConsent(station, { consent: given.consent, reason: '不想了' }))
  expect(await forget()).toEqual({ devices: 1 })
  expect(series.devices()).toEqual([runsOut, unsaid].sort())
  nowMs = Date.UTC(2026, 9, 26, 4)
  expect(await forget()).toEqual({ devices: 1 })
  expect(series.devices()).toEqual([unsaid])
})
