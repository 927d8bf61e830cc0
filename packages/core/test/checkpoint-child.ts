import { readFileSync, writeSync } from 'node:fs'
import { argv } from 'node:process'
import { expectOk } from '../src/result.ts'
import { takeOffer } from '../src/station/checkpoint.ts'
import { openStation } from '../src/station/open-station.ts'
import { testSecret } from '../src/testing/test-community.ts'

/** A process of its own that starts a space from a checkpoint whose blobs are in its home, until it is killed. */
const [, , home = '', file = ''] = argv
const station = expectOk(await openStation({ home, secret: testSecret }))
writeSync(1, 'open\n')
const taken = await takeOffer(station, readFileSync(file), 'child')
writeSync(1, `${taken.ok ? 'taken' : taken.problem.type}\n`)
await station.close()
