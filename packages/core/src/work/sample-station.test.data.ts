/** A founded community in a temporary home, with a few households, for tests that need a real station. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk, ok } from '../result.ts'
import { createCommunity } from '../station/create-community.ts'
import type { Station } from '../station/station.ts'

/** 2026-11-24 09:14 in Shanghai. */
export const NOW_MS = Date.UTC(2026, 10, 24, 1, 14)

export type SampleStation = {
  readonly station: Station
  readonly grid: string
  readonly households: readonly string[]
  setNow(ms: number): void
  close(): Promise<void>
}

export async function sampleStation(households = 2): Promise<SampleStation> {
  const home = mkdtempSync(join(tmpdir(), 'doorstep-work-'))
  let nowMs = NOW_MS
  const station = expectOk(
    await createCommunity({
      home,
      secret: { type: 'key', bytes: new Uint8Array(32) },
      community: '测试社区',
      member: '测试员甲',
      grids: ['一号网格'],
      timeZone: 'Asia/Shanghai',
      now: () => nowMs,
    }),
  )
  const grid = station.spaces().find((space) => space.kind === 'grid')!.id
  const written = expectOk(
    await station.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      const ids: string[] = []
      for (let at = 0; at < households; at++) {
        const room = String(101 + at)
        const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '2', room } }))
        const set = { dwelling, name: `测试住户 1-2-${room}`, phone: '13800001234' }
        ids.push(expectOk(book.create('household', grid, { set })))
      }
      return ok(ids)
    }),
  )
  return {
    station,
    grid,
    households: written.value,
    setNow: (ms) => {
      nowMs = ms
    },
    close: async () => {
      await station.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
