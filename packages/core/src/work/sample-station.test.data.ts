/** A founded community in a temporary home, with a few households, for tests that need a real station. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '../membership/roles.ts'
import { expectOk, ok } from '../result.ts'
import { createCommunity } from '../station/create-community.ts'
import { createInvite, grantRequest, joinWithInvite } from '../station/invite.ts'
import type { Station } from '../station/station.ts'

/** 2026-11-24 09:14 in Shanghai. */
export const NOW_MS = Date.UTC(2026, 10, 24, 1, 14)

export type SampleStation = {
  readonly station: Station
  readonly grid: string
  readonly households: readonly string[]
  setNow(ms: number): void
  /** A second laptop, of a worker of the same grid or of another role, that holds everything so far. */
  colleague(role?: Role): Promise<Station>
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
  const others: { station: Station; home: string }[] = []
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
    colleague: async (role = 'worker') => {
      const there = mkdtempSync(join(tmpdir(), 'doorstep-work-'))
      const invite = expectOk(
        createInvite(station, { role, name: '测试员乙', grids: role === 'worker' ? [grid] : [] }),
      )
      const secret = { type: 'key', bytes: new Uint8Array(32) } as const
      const options = { stationName: '乙的笔记本', now: () => nowMs }
      const joined = expectOk(joinWithInvite(there, secret, invite, options))
      others.push({ station: joined.station, home: there })
      expectOk(await grantRequest(station, joined.request))
      await carry(station, joined.station)
      return joined.station
    },
    close: async () => {
      for (const other of others) {
        await other.station.close()
        rmSync(other.home, { recursive: true, force: true })
      }
      await station.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Takes everything one station has and the other lacks over to it, membership first. */
export async function carry(from: Station, to: Station): Promise<void> {
  for (const space of [from.identity.community, ...from.spaces().map((one) => one.id)]) {
    const lacking = from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row))
    const report = expectOk(await to.admit(lacking, from.identity.station))
    if (report.missing + report.refused.length > 0) throw new Error(`not taken: ${JSON.stringify(report)}`)
  }
}
