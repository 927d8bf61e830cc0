import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCommunity, expectOk, ok, openRecordSet, openSeries, retireDevice } from '@doorstep/core'
import { expect, onTestFinished, test } from 'vitest'
import { forgetRetired } from './forget-retired.ts'

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
  expect(expectOk(await forgetRetired(station, series, set))).toEqual({ devices: 0 })
  expectOk(await retireDevice(station, { device: retired, because: 'resident-asked' }))
  expect(expectOk(await forgetRetired(station, series, set))).toEqual({ devices: 1 })
  expect(series.devices()).toEqual([kept])
  expect(station.get(retired)!.timelines.erased).toMatchObject([{ value: { observations: 3 } }])
  // Done once: nothing is left to erase, and nothing is said again.
  expect(expectOk(await forgetRetired(station, series, set))).toEqual({ devices: 0 })
  expect(station.get(retired)!.timelines.erased).toHaveLength(1)
  set.close()
})
