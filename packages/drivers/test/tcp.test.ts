import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { expectOk } from '../src/expect-ok.ts'
import * as drivers from '../src/index.ts'

const address = '000000000161'
const host = '127.0.0.1'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function lineWith(behaviours: readonly drivers.Behaviour[], maxDataBytes = 196) {
  const load = drivers.createConstantLoad(0)
  const meter = drivers.createSimulatedMeter({
    address,
    startKilowattHours: 1234.56,
    load,
    behaviours,
    maxDataBytes,
  })
  const other = drivers.createSimulatedMeter({ address: '000000000162', startKilowattHours: 1, load })
  const served = expectOk(await drivers.serveSimulatedMeters({ host, port: 0, meters: [meter, other] }))
  closing.push(served.close)
  const port = expectOk(await drivers.openTcpPort({ host, port: served.port }))
  const bus = drivers.createBus(port, { replyTimeoutMs: 2000, silenceMs: 400, backoffMs: 10 })
  closing.push(bus.close)
  return { bus, served, meter }
}

describe('a meter over TCP', () => {
  const { onlyFirst } = drivers
  it.each<[string, drivers.Behaviour[], Partial<drivers.BusCounters>]>([
    ['nothing wrong', [], { retries: 0, noiseBytes: 0 }],
    ['noise before the answer', [drivers.noiseBefore()], { retries: 0, noiseBytes: 6 }],
    ['a late reply glued to the answer', [drivers.gluedToLateReply()], { retries: 0, unexpectedFrames: 1 }],
    ['an answer in pieces', [drivers.split(3, 5)], { retries: 0, noiseBytes: 0 }],
    ['an echo', [drivers.echo()], { retries: 0, echoes: 1 }],
    [
      'an echo in pieces, and noise',
      [drivers.echo(), drivers.noiseBefore(), drivers.split(1, 1)],
      { retries: 0, echoes: 1 },
    ],
    ['silence at first', [onlyFirst(1, drivers.silence())], { retries: 1 }],
    ['a wrong checksum at first', [onlyFirst(1, drivers.wrongChecksum())], { retries: 1, noiseBytes: 24 }],
    ['a corrupt length at first', [onlyFirst(2, drivers.corruptLength())], { retries: 2, noiseBytes: 48 }],
    ['a vendor byte', [drivers.vendorByte()], { retries: 0 }],
    ['a slow answer', [drivers.delay(80)], { retries: 0 }],
  ])('gives the same reading with %s', async (_, behaviours, counters) => {
    const { bus } = await lineWith(behaviours)
    const [reading] = expectOk(await drivers.readMeter(bus, address, ['00010000']))
    expect(reading).toMatchObject({
      address,
      id: '00010000',
      value: 1234.56,
      unit: 'kWh',
      raw: '56341200',
      missing: null,
    })
    expect(bus.counters).toMatchObject(counters)
  })

  it('says why when the meter refuses', async () => {
    const { bus } = await lineWith([drivers.refusal(0x06)])
    const [reading] = expectOk(await drivers.readMeter(bus, address, ['00010000']))
    expect(reading).toMatchObject({
      value: null,
      missing: 'refused',
      error: { code: 6, reasons: ['no-requested-data', 'password-or-authorisation'] },
    })
  })

  it('says so when nobody answers', async () => {
    const { bus } = await lineWith([drivers.silence()])
    expect(await drivers.readMeter(bus, address, ['00010000'])).toMatchObject({
      ok: false,
      problem: {
        type: 'read-interrupted',
        cause: { type: 'no-reply', tries: 3 },
        item: '00010000',
        read: [],
      },
    })
    // The other meter on the line still speaks.
    expect((await drivers.readMeter(bus, '000000000162', ['00010000'])).ok).toBe(true)
  })

  it('fetches a long answer in its parts', async () => {
    const { bus, meter } = await lineWith([drivers.split(7, 1)], 6)
    const block = expectOk(await drivers.readMeter(bus, address, ['0001FF00']))
    expect(block.map((reading) => reading.value)).toEqual([1234.56, 123.45, 370.36, 493.82, 246.93])
    expect(meter.counters.answered).toBe(4)
  })

  it('serves many questions at once, each its own answer', async () => {
    const { bus } = await lineWith([])
    const items = ['00010000', '00010100', '00010200', '02010100', '04000409']
    const one = await Promise.all(items.map((item) => drivers.readMeter(bus, address, [item])))
    expect(one.map((read) => expectOk(read)[0]?.id)).toEqual(items)
  })

  it('notices when the converter goes away in the middle of a question', async () => {
    const { bus, served } = await lineWith([drivers.silence()])
    const reading = drivers.readMeter(bus, address, ['00010000'])
    await served.close()
    expect(await reading).toMatchObject({ ok: false, problem: { cause: { type: 'port-closed' } } })
  })
})

describe('opening a TCP port', () => {
  it('says when nobody listens', async () => {
    const server = createServer().listen(0, host)
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    expect(await drivers.openTcpPort({ host, port })).toEqual({
      ok: false,
      problem: { type: 'connect-failed', host, port, code: 'ECONNREFUSED' },
    })
  })

  it('gives up in time, and when told to', async () => {
    const served = expectOk(await drivers.serveSimulatedMeters({ host, port: 0, meters: [] }))
    closing.push(served.close)
    const options = { host, port: served.port, connectTimeoutMs: 1000 }
    const waited: number[] = []
    // Time is up before the network has had a chance.
    const hasty: drivers.Clock = {
      nowMs: () => 0,
      after(delayMs, run) {
        waited.push(delayMs)
        queueMicrotask(run)
        return () => {}
      },
    }
    expect(await drivers.openTcpPort(options, hasty)).toEqual({
      ok: false,
      problem: { type: 'connect-timeout', host, port: served.port, timeoutMs: 1000 },
    })
    expect(waited).toEqual([1000])
    const aborting = new AbortController()
    const opening = drivers.openTcpPort({ ...options, signal: aborting.signal })
    aborting.abort()
    expect(await opening).toEqual({ ok: false, problem: { type: 'aborted' } })
    expect(await drivers.openTcpPort({ ...options, signal: aborting.signal })).toMatchObject({ ok: false })
  })

  it('says when a port to listen on is taken', async () => {
    const first = expectOk(await drivers.serveSimulatedMeters({ host, port: 0, meters: [] }))
    closing.push(first.close)
    expect(await drivers.serveSimulatedMeters({ host, port: first.port, meters: [] })).toMatchObject({
      ok: false,
      problem: { type: 'listen-failed', code: 'EADDRINUSE' },
    })
  })
})
