import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eraseRecords, expectOk, type Problem, type Result, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** A one-way carrier: something is written here, carried by whatever means, and read there. */
export type Courier = {
  write(station: Station, path: string): Promise<Result<{ entries: number }, Problem>>
  read(
    station: Station,
    path: string,
    options?: { salvage?: boolean },
  ): Promise<
    Result<
      {
        admitted: number
        known: number
        missing: number
        skipped: number
        refused: readonly unknown[]
        spaces: readonly { equal: boolean }[]
      },
      Problem
    >
  >
}

/** What every courier keeps. An implementation brings only writing and reading. */
export function describeCourier(name: string, courier: Courier): void {
  describe(`courier contract: ${name}`, () => {
    let folder: string
    let community: TestCommunity
    let founder: Station
    let worker: Station
    let file: string

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'doorstep-courier-'))
      file = join(folder, 'carried')
      const made = await TestCommunity.create(['一号网格', '二号网格'])
      community = made.community
      founder = made.founder
      worker = await community.join(founder, '测试员乙')
      for (let n = 0; n < 40; n++) await addBuilding(founder, `楼${n}`)
    })
    afterEach(async () => {
      await community.close()
      rmSync(folder, { recursive: true, force: true })
    })

    test('what is carried arrives whole, and is proved to be the same', async () => {
      expectOk(await courier.write(founder, file))
      const read = expectOk(await courier.read(worker, file))
      expect(read).toMatchObject({ missing: 0, refused: [] })
      expect(read.spaces.every(({ equal }) => equal)).toBe(true)
      expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(worker)))
    })

    test('reading it again, or a copy of it, changes nothing', async () => {
      expectOk(await courier.write(founder, file))
      expectOk(await courier.read(worker, file))
      const before = worker.spaces().map(({ id }) => worker.digest(id))
      const again = expectOk(await courier.read(worker, file))
      expect(again.admitted).toBe(0)
      expect(worker.spaces().map(({ id }) => worker.digest(id))).toEqual(before)
    })

    test('A19 of what was erased it carries no part, and a newcomer takes it all the same', async () => {
      const [gone] = [...founder.records({ type: 'building' })]
      expectOk(await courier.write(founder, file))
      const before = join(folder, 'before')
      writeFileSync(before, readFileSync(file))
      expectOk(await eraseRecords(founder, [gone!.id], { reason: 'test' }))
      const { entries } = expectOk(await courier.write(founder, file))
      const grids = [founder.identity.community, ...founder.spaces().map(({ id }) => id)]
      expect(entries).toBe(grids.reduce((sum, id) => sum + founder.digest(id).entries, 0))
      const read = expectOk(await courier.read(worker, file))
      expect(read).toMatchObject({ missing: 0, refused: [] })
      expect(read.spaces.every(({ equal }) => equal)).toBe(true)
      expect(worker.get(gone!.id)).toBeNull()
      // One written before the erasure loses the part on reading.
      expectOk(await courier.read(worker, before))
      expect(worker.get(gone!.id)).toBeNull()
      expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(worker)))
      const later = await community.join(founder, '测试员丙')
      expectOk(await courier.read(later, before))
      expect(later.get(gone!.id)).not.toBeNull()
      expectOk(await courier.read(later, file))
      expect(later.get(gone!.id)).toBeNull()
      expect(later.digest(gridOf(later))).toEqual(founder.digest(gridOf(later)))
    })

    test('an old one after a new one takes nothing back', async () => {
      expectOk(await courier.write(founder, file))
      await addBuilding(founder, '后来的楼')
      const later = join(folder, 'later')
      expectOk(await courier.write(founder, later))
      expectOk(await courier.read(worker, later))
      const before = worker.digest(gridOf(worker))
      expectOk(await courier.read(worker, file))
      expect(worker.digest(gridOf(worker))).toEqual(before)
    })

    test('of another community: refused by name, nothing taken in', async () => {
      const other = await TestCommunity.create()
      try {
        expectOk(await courier.write(other.founder, file))
        const before = worker.spaces().map(({ id }) => worker.digest(id))
        expect(await courier.read(worker, file)).toMatchObject({
          ok: false,
          problem: { type: 'bundle-other-community' },
        })
        expect(worker.spaces().map(({ id }) => worker.digest(id))).toEqual(before)
      } finally {
        await other.community.close()
      }
    })

    test('cut short anywhere: refused as cut short or as nothing of ours, and nothing is taken in', async () => {
      expectOk(await courier.write(founder, file))
      const whole = readFileSync(file)
      const before = worker.digest(gridOf(worker))
      for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 97))) {
        const cut = join(folder, 'cut')
        writeFileSync(cut, whole)
        truncateSync(cut, length)
        const read = await courier.read(worker, cut)
        expect(read.ok ? 'taken in' : read.problem.type).toMatch(/^(bundle-truncated|not-a-bundle)$/)
      }
      expect(worker.digest(gridOf(worker))).toEqual(before)
    })

    test('one bit changed anywhere: refused, and what is salvaged is only what its authors signed', async () => {
      expectOk(await courier.write(founder, file))
      const whole = readFileSync(file)
      for (let at = 0; at < whole.length; at += Math.max(1, Math.floor(whole.length / 61))) {
        const altered = join(folder, 'altered')
        const bytes = Buffer.from(whole)
        bytes[at] = bytes[at]! ^ 0x10
        writeFileSync(altered, bytes)
        const read = await courier.read(worker, altered)
        expect(read.ok ? 'taken in' : read.problem.type).toMatch(
          /^(bundle-altered|bundle-truncated|not-a-bundle|bundle-other-community)$/,
        )
        await courier.read(worker, altered, { salvage: true })
      }
      await deliver(founder, worker)
      expect(worker.digest(gridOf(worker))).toEqual(founder.digest(gridOf(worker)))
    })

    test('spaces the reader does not work in are not kept', async () => {
      const other = founder
        .spaces()
        .filter(({ kind }) => kind === 'grid')
        .map(({ id }) => id)
        .find((id) => id !== gridOf(worker))!
      expectOk(
        await founder.write('record.edit', (book) =>
          book.create('building', other, { set: { name: '别的网格' } }),
        ),
      )
      expectOk(await courier.write(founder, file))
      const read = expectOk(await courier.read(worker, file))
      expect(read.skipped).toBeGreaterThan(0)
      expect(worker.heads(other)).toEqual([])
    })

    test('a place that cannot be written to is a problem, and leaves nothing behind', async () => {
      const nowhere = join(folder, 'no-such-folder', 'carried')
      expect(await courier.write(founder, nowhere)).toMatchObject({
        ok: false,
        problem: { type: 'file-unwritable' },
      })
      expect(existsSync(`${nowhere}.part`)).toBe(false)
    })
  })
}

async function addBuilding(station: Station, name: string): Promise<void> {
  // One grid has the buildings; which one sorts first does not matter to the courier.
  const grid = [...station.records({ type: 'grid' })].find((card) => card.fields.name === '一号网格')!
  expectOk(
    await station.write('record.edit', (book) =>
      book.create('building', String(grid.fields.space), { set: { name } }),
    ),
  )
}
