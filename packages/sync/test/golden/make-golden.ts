/**
 * Writes the golden homes and the golden bundle of the formats as they are now into a folder beside this file. To be
 * run once for every released format: see README.md here.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eraseRecords, expectOk, makeCheckpoint, removeStation, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import { CURRENT, type Expected, expectedOf, FOLDER, packFolder, sha256 } from './golden.ts'

/** GB 11643 with a region that does not exist, 990000. */
const ID_NUMBERS = ['990000194910010011', '990000200001010012']

const target = join(FOLDER, CURRENT)
if (existsSync(target) && !process.argv.includes('--replace')) {
  console.error(
    `${target} is there already. A released format's golden is never made again; --replace if it was not released.`,
  )
  process.exit(1)
}
const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'])
const worker = await community.join(founder, '测试员乙')
const gone = await community.join(founder, '测试员丙')
const grid = gridOf(worker)
const { erased } = await writeRecords(founder)
await deliver(founder, worker)
await deliver(founder, gone)
await add(gone, '丙写的')
await deliver(gone, founder, [grid])
// What the worker has and nobody else.
await add(worker, '乙写的')
expectOk(await eraseRecords(founder, [erased], { reason: 'retention' }))
expectOk(await removeStation(founder, gone.identity.station))
expectOk(await makeCheckpoint(founder, grid))
await add(founder, '移除之后')
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const bundle = join(target, 'stick.bundle')
const written = expectOk(await writeBundle(founder, bundle))
for (const [name, station] of [
  ['founder', founder],
  ['worker', worker],
] as const) {
  station.trunk.store.checkpoint()
  packFolder(station.home, join(target, name))
}
// What both hold once they have met.
await deliver(worker, founder)
await deliver(founder, worker)
const expected: Expected = {
  keyHex: Buffer.from(testSecret.bytes).toString('hex'),
  ...expectedOf(founder),
  sent: { entries: written.entries, bundleSha256: sha256(readFileSync(bundle)) },
}
writeFileSync(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`)
await community.close()
console.log(target)

async function add(station: Station, name: string): Promise<string> {
  const written = await station.write('record.edit', (book) =>
    book.create('building', grid, { set: { name } }),
  )
  return expectOk(written).value
}

async function writeRecords(station: Station): Promise<{ erased: string }> {
  const written = await station.write('record.edit', (book) => {
    const building = expectOk(book.create('building', grid, { set: { name: '一幢', storeys: 6 } }))
    const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '1', room: '301' } }))
    const household = expectOk(
      book.create('household', grid, { set: { dwelling, name: '测试户甲', mind: '有狗' } }),
    )
    const people = ID_NUMBERS.map((idNumber, n) => {
      const person = expectOk(
        book.create('person', grid, { set: { name: `测试人${n}`, idNumber, phone: `1990000000${n}` } }),
      )
      expectOk(
        book.create('residence', grid, {
          set: { dwelling, household, person, kind: 'own', relation: n === 0 ? 'head' : 'child' },
        }),
      )
      return person
    })
    return { ok: true as const, value: { building, people } }
  })
  const { building, people } = expectOk(written).value
  expectOk(await station.write('record.edit', (book) => book.edit(building, { set: { storeys: 7 } })))
  return { erased: people[1]! }
}
