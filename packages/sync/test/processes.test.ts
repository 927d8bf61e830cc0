import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { diagnose, expectOk, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { afterEach, expect, test } from 'vitest'
import { SyncNode } from '../src/node/sync-node.ts'
import { syncNow } from '../src/node/sync-now.ts'
import { until } from '../src/session/meet.fixture.ts'

const CHILD = fileURLToPath(new URL('./serve-child.ts', import.meta.url))
const children: ChildProcess[] = []
const RECORDS = 6000

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

test('S4 S6 a gateway killed again and again in the middle of a first sync: it goes on where it stopped, and ends equal', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  for (let n = 0; n < 120; n++)
    expectOk(
      await founder.write('record.import', (book) => {
        for (let k = 0; k < 50; k++) {
          const made = book.create('building', gridOf(founder), {
            set: { name: `楼${n}-${k}`, street: '测试路'.repeat(38), propertyCompany: '测试物业'.repeat(29) },
          })
          if (!made.ok) return made
        }
        return { ok: true, value: undefined }
      }),
    )
  const home = founder.home
  await founder.close()
  let kills = 0
  let equal = false
  for (let round = 0; round < 30 && !equal; round++) {
    const { child, port, ended } = await serve(home, 0)
    const before = count(worker)
    const meeting = syncNow(worker, { name: '乙', peers: [`127.0.0.1:${port}`], timeoutMs: 20_000 })
    // The first meetings are cut as soon as something has arrived; the last may end in peace.
    if (kills < 4 && before < RECORDS) {
      await until(() => count(worker) > before, 'something to arrive')
      child.kill('SIGKILL')
      kills++
    }
    const { peers } = await meeting
    equal = peers.some((peer) => peer.equal)
    child.kill('SIGKILL')
    await ended
  }
  expect(equal).toBe(true)
  expect(kills).toBeGreaterThan(0)
  expect(count(worker)).toBe(RECORDS)
  expect(diagnose(worker).ok).toBe(true)
  // Some 17 s of computing in several processes: on a machine that others load, minutes.
}, 400_000)

test('a peer that freezes is noticed in under 8 s', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const home = founder.home
  await founder.close()
  const { child, port } = await serve(home, 0)
  const node = new SyncNode({ station: worker, name: '乙' })
  const session = expectOk(await node.dial(`127.0.0.1:${port}`))
  await until(() => session.isEqual(), 'equal')
  const closed = Promise.withResolvers<string>()
  session.onClose(closed.resolve)
  child.kill('SIGSTOP')
  const frozenAt = Date.now()
  expect(await closed.promise).toBe('silent')
  expect(Date.now() - frozenAt).toBeLessThan(8000)
  child.kill('SIGCONT')
  await node.close()
})

/** Counted by their hashes: reading six thousand records to count them would slow what is being watched. */
const count = (station: Station) => station.trunk.store.recordHashes(gridOf(station)).length

/** `ended` is heard from the start: a killed process may be gone before anybody asks. */
async function serve(
  home: string,
  port: number,
): Promise<{ child: ChildProcess; port: number; ended: Promise<unknown> }> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CHILD, home, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const ended = once(child, 'close')
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, port: Number(line.toString()), ended }
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { founder, worker, [Symbol.asyncDispose]: () => community.close() }
}
