import { writeSync } from 'node:fs'
import { argv } from 'node:process'
import { expectOk } from '../src/result.ts'
import { eraseRecords } from '../src/station/erase.ts'
import { openStation } from '../src/station/open-station.ts'
import { testSecret } from '../src/testing/test-community.ts'

/** A process that erases every building of a home, one act each, and says so when it is done: `erased ID`. */
const [, , home = ''] = argv
const station = expectOk(await openStation({ home, secret: testSecret }))
writeSync(1, 'open\n')
for (const { id } of [...station.records({ type: 'building' })]) {
  expectOk(await eraseRecords(station, [id], { reason: 'test' }))
  writeSync(1, `erased ${id}\n`)
}
writeSync(1, 'done\n')
await station.close()
