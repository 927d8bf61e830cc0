import { expectOk, type KeyPair, parseSegment, type Station } from '@doorstep/core'
import { gridOf, TestCommunity, unpackable } from '@doorstep/core/testing'
import { dialLan, serveLan } from '../../src/lan/lan.ts'
import { systemClock } from '../../src/session/clock.ts'
import { parseMessage } from '../../src/session/message.ts'
import { Session } from '../../src/session/session.ts'
import type { Wire } from '../../src/wire.ts'
import { openProxy, type Way } from './proxy.ts'

export type CutReport = {
  meetings: number
  /** Segments that were sent in the cut meetings, and those of them that were sent again. */
  segments: number
  again: number
  /** The most of one cut that were sent again, and the most that were under way when it came. */
  mostAgain: number
  mostUnderWay: number
}
/** A segment: the hash of its last entry, and its share of what it went over the wire in, in bytes. */
type Sent = { readonly head: Uint8Array; readonly wireBytes: number }
type End = { readonly session: Session; readonly sent: Sent[] }

const keysOf = (station: Station): KeyPair => ({
  publicKey: station.identity.key,
  privateKey: station.signingKey,
})

/** Two stations that meet over TLS through a proxy; what each end sends is written down. */
export async function openCutting(minSavedEntries?: number) {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  let served = Promise.withResolvers<End>()
  const server = expectOk(
    await serveLan(keysOf(founder), { host: '127.0.0.1', port: 0 }, (wire) =>
      served.resolve(begin(founder, wire, minSavedEntries)),
    ),
  )
  const proxy = await openProxy(server.port)
  return {
    community,
    founder,
    worker,
    proxy,
    /** Null when the line was cut before either end knew the other. */
    async call(): Promise<{ dialled: End | null; answered: End | null }> {
      served = Promise.withResolvers<End>()
      const wire = await dialLan(keysOf(worker), { host: '127.0.0.1', port: proxy.port })
      if (!wire.ok) return { dialled: null, answered: null }
      const dialled = begin(worker, wire.value, minSavedEntries)
      const gone = new Promise<null>((resolve) => dialled.session.onClose(() => resolve(null)))
      return { dialled, answered: await Promise.race([served.promise, gone]) }
    },
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server.close()
      await community.close()
    },
  }
}
export type Cutting = Awaited<ReturnType<typeof openCutting>>

function begin(station: Station, wire: Wire, minSavedEntries?: number): End {
  const sent: Sent[] = []
  const watched: Wire = {
    ...wire,
    send: (frame) => {
      const message = parseMessage(frame)
      if (message.ok && message.value.type === 'segment')
        sent.push({
          head: expectOk(parseSegment(message.value.bytes)).entries.at(-1)!.hash,
          wireBytes: frame.length,
        })
      if (message.ok && message.value.type === 'lean')
        for (const one of expectOk(station.readLean(message.value.bytes, message.value.count)))
          sent.push({
            head: one!.segment.entries.at(-1)!.hash,
            wireBytes: frame.length / message.value.count,
          })
      return wire.send(frame)
    },
  }
  const options = minSavedEntries === undefined ? {} : { minSavedEntries }
  const session = new Session({ station, wire: watched, clock: systemClock, name: 'cut', ...options })
  session.start()
  return { session, sent }
}

/** Meets until both say equal, or the line is cut. */
export async function meetOnce(cutting: Cutting): Promise<{ equal: boolean; ends: (End | null)[] }> {
  const { dialled, answered } = await cutting.call()
  const ends = [dialled, answered]
  const sessions = ends.flatMap((end) => (end ? [end.session] : []))
  const closed = (session: Session) => session.state().closed !== null
  await until(
    'equal, or cut',
    () => sessions.every((one) => one.isEqual() || closed(one)) || sessions.some(closed),
  )
  const equal = sessions.length === 2 && sessions.every((one) => one.isEqual())
  if (equal) for (const session of sessions) session.close()
  await until('both ends gone', () => sessions.every(closed))
  await until('what came taken in', () => sessions.every((one) => !one.isAdmitting()))
  return { equal, ends }
}

/** Before each meeting both write something, so that the streams are alike. */
export async function writeAFew(cutting: Cutting): Promise<void> {
  for (const [station, entries] of [
    [cutting.founder, 3],
    [cutting.worker, 2],
  ] as const)
    for (let n = 0; n < entries; n++) {
      expectOk(
        await station.write('record.edit', (book) =>
          book.create('building', gridOf(station), { set: { name: `楼${n}`, street: unpackable(90) } }),
        ),
      )
      // Signed here, so that each is a segment of its own.
      station.outgoing(gridOf(station), [])
    }
}

/** How many bytes an unbroken meeting passes, each way. */
export async function measure(cutting: Cutting): Promise<Record<Way, number>> {
  await writeAFew(cutting)
  const { equal } = await meetOnce(cutting)
  if (!equal) throw new Error('an unbroken meeting did not end equal')
  return { ...cutting.proxy.passed }
}

/** Cuts one meeting after so many bytes; the next has to end equal, without what had been taken in. */
export async function cutAt(cutting: Cutting, way: Way, bytes: number, report: CutReport): Promise<void> {
  const { founder, worker, proxy } = cutting
  await writeAFew(cutting)
  proxy.cutNext(way, bytes)
  const first = await meetOnce(cutting)
  proxy.cutNext(way, null)
  const arrived = (end: End | null, there: Station) => (end?.sent ?? []).filter(({ head }) => there.has(head))
  // The caller is the worker; what it sent goes to the founder.
  const known = [arrived(first.ends[0] ?? null, founder), arrived(first.ends[1] ?? null, worker)]
  const second = await meetOnce(cutting)
  if (!second.equal) throw new Error(`cut ${way} at ${bytes}: the next meeting did not end equal`)
  const grid = gridOf(founder)
  if (JSON.stringify(founder.digest(grid)) !== JSON.stringify(worker.digest(grid)))
    throw new Error(`cut ${way} at ${bytes}: the digests differ`)
  report.meetings++
  for (const n of [0, 1]) {
    const [before, after] = [first.ends[n]?.sent ?? [], second.ends[n]?.sent ?? []]
    const again = before.filter((one) => after.some((other) => Buffer.compare(one.head, other.head) === 0))
    const needless = again.filter((one) => known[n]!.includes(one))
    if (needless.length > 0)
      throw new Error(
        `cut ${way} at ${bytes}: ${needless.length} segments were sent again that had been taken in`,
      )
    report.segments += before.length
    report.again += again.length
    report.mostAgain = Math.max(report.mostAgain, again.length)
    report.mostUnderWay = Math.max(report.mostUnderWay, before.length - known[n]!.length)
  }
}

export const emptyReport = (): CutReport => ({
  meetings: 0,
  segments: 0,
  again: 0,
  mostAgain: 0,
  mostUnderWay: 0,
})

export async function until(what: string, condition: () => boolean, withinMs = 120_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
