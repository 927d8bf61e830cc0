import { writeSync } from 'node:fs'
import { argv, exit, stdin } from 'node:process'
import { expectOk } from '../src/result.ts'
import { openStation } from '../src/station/open-station.ts'
import { gridOf, testSecret } from '../src/testing/test-community.ts'

/**
 * A process of its own that opens a home and writes in it, eight commands at a time, until it is killed or has
 * written so many batches. Every line is said after the promise resolved: from then on it must not get lost.
 *   open · made ID · set ID NUMBER · saw NAME · failed TYPE · done
 */
const [, , home = '', name = '', batches = '0'] = argv
const station = expectOk(await openStation({ home, secret: testSecret }))
const grid = gridOf(station)
const say = (...words: (string | number)[]) => writeSync(1, `${words.join(' ')}\n`)

station.onChange(({ records }) => {
  for (const record of records) if (record.type === 'building') say('saw', String(record.fields.name))
})
stdin.on('data', () => undefined)
stdin.on('end', () => exit(0))
say('open')

let counter = [...station.records({ type: 'building' })].reduce(
  (most, record) => Math.max(most, Number(record.fields.dwellings ?? 0)),
  0,
)
const edited: string[] = []

async function make(n: number): Promise<void> {
  const made = await station.write('record.edit', (book) =>
    book.create('building', grid, { set: { name: `${name}-${n}`, dwellings: n } }),
  )
  if (!made.ok) return void say('failed', made.problem.type)
  say('made', made.value.value)
  edited.push(made.value.value)
}
async function visit(): Promise<void> {
  const made = await station.write('visit.record', (book) =>
    book.create('visit', grid, { set: { household: 'hh-0001', outcome: 'met', on: '2026-08-01' } }),
  )
  say(...(made.ok ? ['made', made.value.value] : ['failed', made.problem.type]))
}
async function change(n: number): Promise<void> {
  const id = edited[n % edited.length]
  if (!id) return make(n)
  const changed = await station.write('record.edit', (book) => book.edit(id, { set: { dwellings: n } }))
  say(...(changed.ok ? ['set', id, n] : ['failed', changed.problem.type]))
}

for (let batch = 0; batch < Number(batches); batch++) {
  const works = Array.from({ length: 8 }, (_, at) => {
    counter++
    return at < 2 ? make(counter) : at < 5 ? change(counter) : visit()
  })
  await Promise.all(works)
}
say('done')
