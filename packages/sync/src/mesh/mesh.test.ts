import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, it, type TestContext } from 'vitest'
import type { Wire } from '../wire.ts'
import { describeWire, until } from '../wire-contract.ts'
import { openMesh } from './mesh-host.ts'
import { isLinked, isRunning, newStationKeys, openTestCommunity, wireTo } from './mesh-stations.fixture.ts'

/** A community that ends with its test. */
async function community(onTestFinished: TestContext['onTestFinished']) {
  const opened = await openTestCommunity()
  onTestFinished(opened.close)
  return opened
}

describeWire('mesh process to mesh process', async () => {
  const { close, join } = await openTestCommunity()
  const [keysA, keysB] = [newStationKeys(), newStationKeys()]
  const a = join({ keys: keysA, allowed: [keysB.publicKey] })
  const b = join({ keys: keysB, allowed: [keysA.publicKey] })
  await until('a wire between A and B', () => isLinked(a, b))
  return { a: wireTo(a, b), b: wireTo(b, a), keyA: keysA.publicKey, keyB: keysB.publicKey, close }
})

describe('a mesh of three', () => {
  it('connects all, shows who is at which door, carries 20 MB both ways, and forgets who left', async ({
    onTestFinished,
    expect,
  }) => {
    const { join } = await community(onTestFinished)
    const keys = [newStationKeys(), newStationKeys(), newStationKeys()]
    const allowed = keys.map(({ publicKey }) => publicKey)
    const [a, b, c] = keys.map((pair, n) =>
      join({
        keys: pair,
        allowed,
        presence: { station: `测试站 ${n}`, door: `1-2-30${n}`, since: 1_000 + n },
      }),
    )
    await until('three links', () => isLinked(a!, b!) && isLinked(b!, c!) && isLinked(a!, c!))
    await until('presence of two others at each', () =>
      [a, b, c].every((station) => station!.presence().length === 2),
    )
    expect(
      a!
        .presence()
        .map(({ state }) => state)
        .toSorted((x, y) => x.station.localeCompare(y.station)),
    ).toEqual([
      { station: '测试站 1', door: '1-2-301', since: 1_001 },
      { station: '测试站 2', door: '1-2-302', since: 1_002 },
    ])
    expect(b!.presence().map(({ key }) => Buffer.from(key))).toContainEqual(Buffer.from(keys[0]!.publicKey))

    const [one, two] = await Promise.all([
      transfer(wireTo(a!, b!), wireTo(b!, a!)),
      transfer(wireTo(b!, a!), wireTo(a!, b!)),
    ])
    expect(one.received).toBe(one.sent)
    expect(two.received).toBe(two.sent)

    expect(b!.mesh.setPresence({ station: '测试站 1' }).ok).toBe(true)
    await until('the door left at A', () =>
      a!.presence().some(({ state }) => state.station === '测试站 1' && state.door === undefined),
    )
    await c!.mesh.close()
    await until(
      'C gone at A and B',
      () =>
        [a, b].every((station) => station!.presence().length === 1) &&
        [a, b].every((station) => !isLinked(station!, c!)),
      3_000,
    )
  })
})

describe.concurrent('who may not come in', () => {
  it('refuses an unknown key, waits longer each time, and lets it in once it is allowed', async ({
    onTestFinished,
    expect,
  }) => {
    const { join } = await community(onTestFinished)
    const [keysA, keysX] = [newStationKeys(), newStationKeys()]
    const a = join({ keys: keysA, allowed: [] })
    const x = join({ keys: keysX, allowed: [keysA.publicKey], presence: { station: 'X' } })
    const keyName = `key ${Buffer.from(keysX.publicKey).toString('hex')}`
    const failures = () => a.mesh.status().waiting.find(({ who }) => who === keyName)?.failures ?? 0
    const startedAtMs = performance.now()
    await until('a second refusal', () => failures() >= 2, 20_000)
    // The first wait alone is at least 1.5 s; without one there would be hundreds of tries.
    expect(performance.now() - startedAtMs).toBeGreaterThan(1_500)
    expect(a.mesh.status().connections).toBeLessThanOrEqual(4)
    expect([a.wires, x.wires, a.presence(), x.presence()]).toEqual([[], [], [], []])
    a.mesh.setAllowed([keysX.publicKey])
    x.mesh.setAllowed([keysA.publicKey])
    await until('a link once allowed', () => isLinked(a, x), 25_000)
    a.mesh.setAllowed([])
    await until('the link cut again', () => !a.linked.size && !x.linked.size, 3_000)
    await until('no presence of X', () => a.presence().length === 0, 3_000)
  })

  it('never meets a station with another room key', async ({ onTestFinished, expect }) => {
    const { join, server } = await community(onTestFinished)
    const [keysA, keysB] = [newStationKeys(), newStationKeys()]
    const a = join({ keys: keysA, allowed: [keysB.publicKey] })
    const b = join({ keys: keysB, allowed: [keysA.publicKey], roomKey: new Uint8Array(randomBytes(32)) })
    await until(
      'both at the server',
      () => a.mesh.status().signaling.length + b.mesh.status().signaling.length === 2,
    )
    await until('two rooms', () => server.counts().topics === 2)
    expect([a.mesh.status().connections, b.mesh.status().connections]).toEqual([0, 0])
  })
})

describe.concurrent('when something dies', () => {
  it('notices a frozen peer within 10 s, a killed process at once, and meets both again', async ({
    onTestFinished,
    expect,
  }) => {
    const { join } = await community(onTestFinished)
    const [keysA, keysB] = [newStationKeys(), newStationKeys()]
    const a = join({ keys: keysA, allowed: [keysB.publicKey] })
    const b = join({ keys: keysB, allowed: [keysA.publicKey], presence: { station: 'B' } })
    await until('a link', () => isLinked(a, b))
    const frozen = b.mesh.status().pid!
    let reason: string | undefined
    wireTo(a, b).onClose((why) => {
      reason = why
    })
    process.kill(frozen, 'SIGSTOP')
    await until('A to notice', () => reason !== undefined, 10_000)
    expect(reason).toBe('silent')
    process.kill(frozen, 'SIGCONT')
    await until('the link again', () => isLinked(a, b), 20_000)

    process.kill(b.mesh.status().pid!, 'SIGKILL')
    await until('B to notice its own process', () => b.linked.size === 0, 3_000)
    await until('the link a third time', () => isLinked(a, b) && wireTo(b, a) === b.wires.at(-1), 25_000)
    expect(b.mesh.status().crashes).toBe(1)
    expect(b.mesh.status().pid).not.toBe(frozen)
    await until('presence of B at A', () => a.presence().length === 1, 10_000)
  })

  it('leaves no process when the parent is killed, and lets a closed parent end by itself', async ({
    onTestFinished,
    expect,
  }) => {
    const { server } = await community(onTestFinished)
    const program = `
      import { openMesh } from ${JSON.stringify(new URL('./mesh-host.ts', import.meta.url).href)}
      import { newStationKeys } from ${JSON.stringify(new URL('./mesh-stations.fixture.ts', import.meta.url).href)}
      const keys = newStationKeys()
      const opened = openMesh({ signalingUrls: [${JSON.stringify(server.url)}], roomKey: new Uint8Array(32),
        stationPrivateKey: keys.privateKey, stationPublicKey: keys.publicKey, allowed: [] })
      const mesh = opened.value
      const timer = setInterval(() => {
        if (mesh.status().signaling.length === 0) return
        clearInterval(timer)
        console.log(mesh.status().pid)
        if (process.argv[1] === 'close') void mesh.close()
      }, 20)`
    const start = async (mode: string) => {
      const parent = spawn(process.execPath, ['--input-type=module', '-e', program, mode], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      return { parent, pid: Number(line.toString()) }
    }
    const [closing, killed] = await Promise.all([start('close'), start('stay')])
    const [code] =
      closing.parent.exitCode === null ? await once(closing.parent, 'exit') : [closing.parent.exitCode]
    expect(code).toBe(0)
    expect(isRunning(closing.pid)).toBe(false)
    expect(isRunning(killed.pid)).toBe(true)
    killed.parent.kill('SIGKILL')
    await until('the mesh process to follow its parent', () => !isRunning(killed.pid), 5_000)
  })
})

describe('openMesh', () => {
  const base = {
    roomKey: new Uint8Array(32),
    allowed: [],
    ...(() => {
      const keys = newStationKeys()
      return { stationPrivateKey: keys.privateKey, stationPublicKey: keys.publicKey }
    })(),
  }
  it('says which address it cannot use', () => {
    expect(openMesh({ ...base, signalingUrls: ['ws://127.0.0.1:1', 'http://127.0.0.1'] })).toEqual({
      ok: false,
      problem: { type: 'signaling-url-invalid', url: 'http://127.0.0.1' },
    })
  })
  it('takes no presence over 1 KiB', () => {
    const presence = { station: '站'.repeat(400) }
    expect(openMesh({ ...base, signalingUrls: [], presence })).toMatchObject({
      problem: { type: 'presence-invalid', detail: 'too-large' },
    })
  })
})

/** Sends 20 MB in frames of all sizes; the digests cover order and bytes. */
async function transfer(from: Wire, to: Wire): Promise<{ sent: string; received: string }> {
  const [sent, received] = [createHash('sha256'), createHash('sha256')]
  const totalBytes = 20_000_000
  let arrivedBytes = 0
  to.onFrame((frame) => {
    received.update(frame)
    arrivedBytes += frame.length
  })
  const block = randomBytes(1_048_576)
  let sentBytes = 0
  for (let n = 0; sentBytes < totalBytes; n++) {
    const size = Math.min(totalBytes - sentBytes, n % 5 === 0 ? block.length : ((n * 7919) % 60_000) + 1)
    const frame = block.subarray(0, size).map((byte) => byte ^ (n & 0xff))
    sent.update(frame)
    sentBytes += size
    await from.send(frame)
  }
  await until('20 MB at the other end', () => arrivedBytes === totalBytes, 30_000)
  return { sent: sent.digest('hex'), received: received.digest('hex') }
}
