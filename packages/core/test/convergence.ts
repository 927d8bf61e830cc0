import { randomId } from '../src/ids.ts'
import { RecordDoc } from '../src/record/fold.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { chanceFrom } from '../src/testing/mutate.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'

/** A repeatable source of chance: a history comes from one number. */
export function createChance(seed: number): (below: number) => number {
  const { below: draw } = chanceFrom(seed)
  return (below) => draw(2 ** 32) % below
}

const FIELDS = ['street', 'propertyCompany', 'propertyPhone'] as const

/**
 * What must be true at the end, kept beside the history: every acknowledged value lives, unless somebody who had
 * it before their eyes wrote over it.
 */
class Oracle {
  readonly #written = new Set<string>()
  readonly #superseded = new Set<string>()

  wrote(record: string, field: string, value: string, over: readonly string[]): void {
    this.#written.add(`${record}/${field}/${value}`)
    for (const old of over) this.#superseded.add(`${record}/${field}/${old}`)
  }

  living(): string[] {
    return [...this.#written].filter((name) => !this.#superseded.has(name)).sort()
  }
}

/** The living values of a station's records, as the oracle names them. */
function living(station: Station, space: string): string[] {
  const names: string[] = []
  for (const { id } of station.trunk.store.recordHashes(space)) {
    const row = station.trunk.store.record(space, id)!
    for (const { name, value } of new RecordDoc(id, row.state).live().fields)
      if ((FIELDS as readonly string[]).includes(name)) names.push(`${id}/${name}/${String(value)}`)
  }
  return names.sort()
}

export type HistoryReport = {
  readonly steps: number
  readonly forks: number
  readonly conflicts: number
  readonly entries: number
}

/**
 * One random history over real stations: edits of few records by many, partial deliveries in any order, doubled
 * and out of order, copies of homes, some of them unnoticed. At the end everybody meets, and everything must agree.
 */
export async function runHistory(seed: number, steps: number): Promise<HistoryReport> {
  const chance = createChance(seed)
  const { community, founder } = await TestCommunity.create()
  try {
    const stations: Station[] = [founder]
    for (let n = 0; n < 1 + chance(3); n++) stations.push(await community.join(founder, `测试员${n}`))
    const space = gridOf(founder)
    const oracle = new Oracle()
    const records: string[] = []
    let copies = 0
    for (let step = 0; step < steps; step++) {
      const station = stations[chance(stations.length)]!
      const what = chance(100)
      if (what < 12 || records.length === 0) records.push(await create(station, space, oracle, step))
      else if (what < 55)
        await edit(station, records[chance(records.length)]!, FIELDS[chance(FIELDS.length)]!, oracle, step)
      else if (what < 90) await deliverSome(station, stations[chance(stations.length)]!, chance)
      else if (what < 93 && copies < 2) {
        copies++
        stations.push(community.copyHome(station, { keepEpoch: chance(2) === 0 }))
      }
    }
    await meetAll(stations)
    return check(seed, stations, space, oracle, steps)
  } finally {
    await community.close()
  }
}

async function create(station: Station, space: string, oracle: Oracle, step: number): Promise<string> {
  const id = randomId('bu')
  const street = `街${step}`
  expectOk(
    await station.write('record.edit', (book) =>
      book.create('building', space, { set: { name: '楼', street } }, id),
    ),
  )
  oracle.wrote(id, 'street', street, [])
  return id
}

async function edit(
  station: Station,
  id: string,
  field: string,
  oracle: Oracle,
  step: number,
): Promise<void> {
  const row = station.trunk.store.recordsById(id)[0]
  if (!row) return
  const seen = new RecordDoc(id, row.state).live().fields.filter((write) => write.name === field)
  const value = `值${step}`
  expectOk(await station.write('record.edit', (book) => book.edit(id, { set: { [field]: value } })))
  oracle.wrote(
    id,
    field,
    value,
    seen.map((write) => String(write.value)),
  )
}

/** A handful of what the other lacks, shuffled, some of it twice: what comes before its past is asked for again later. */
async function deliverSome(from: Station, to: Station, chance: (below: number) => number): Promise<void> {
  if (from === to) return
  const spaces = [from.identity.community, ...from.spaces().map(({ id }) => id)]
  const all = spaces.flatMap((space) =>
    from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row)),
  )
  const some = all.filter(() => chance(3) > 0)
  for (let at = some.length - 1; at > 0; at--) {
    const other = chance(at + 1)
    const held = some[at]!
    some[at] = some[other]!
    some[other] = held
  }
  if (some.length > 0 && chance(2) === 0) some.push(some[chance(some.length)]!)
  const report = expectOk(await to.admit(some, from.identity.station))
  if (report.refused.length > 0)
    throw new Error(`an honest entry was refused: ${JSON.stringify(report.refused)}`)
}

/** Everybody meets everybody until nobody has news; freezes and stand-by entries are news too. */
async function meetAll(stations: readonly Station[]): Promise<void> {
  for (let round = 0; round < 12; round++) {
    let news = 0
    for (const from of stations)
      for (const to of stations) if (from !== to) news += (await deliver(from, to)).admitted
    if (news === 0) return
  }
  throw new Error('the stations still had news for each other after 12 rounds')
}

function check(
  seed: number,
  stations: readonly Station[],
  space: string,
  oracle: Oracle,
  steps: number,
): HistoryReport {
  const fail = (what: string) => {
    throw new Error(`seed ${seed}: ${what}`)
  }
  const [first, ...others] = stations
  const wanted = first!.digest(space)
  const expected = JSON.stringify(oracle.living())
  for (const station of stations) {
    if (station.quarantine().held.length > 0)
      fail(`${station.identity.station} still holds ${station.quarantine().held.length} entries back`)
    const lives = living(station, space)
    if (JSON.stringify(lives) !== expected)
      fail(
        `lost ${oracle.living().filter((name) => !lives.includes(name))}; came back ${lives.filter((name) => !oracle.living().includes(name))}`,
      )
    if (!diagnose(station).ok) fail(`doctor: ${JSON.stringify(diagnose(station).checks)}`)
  }
  for (const station of others) {
    if (JSON.stringify(station.digest(space)) !== JSON.stringify(wanted)) fail('digests differ')
    const mine = [...station.records({ space })].map((record) => JSON.stringify(record)).sort()
    const theirs = [...first!.records({ space })].map((record) => JSON.stringify(record)).sort()
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) fail('projections differ')
  }
  return {
    steps,
    forks: first!.forks().length,
    conflicts: [...first!.records({ space, inConflict: true })].length,
    entries: wanted.entries,
  }
}
