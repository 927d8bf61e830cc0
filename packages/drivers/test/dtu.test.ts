import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type DtuIdentity, dtuText, parseDtuText, readGreeting } from '../src/dtu-greeting.ts'
import { type DtuListener, listenDtus } from '../src/dtu-listener.ts'
import { expectOk } from '../src/expect-ok.ts'
import { createHeartbeats } from '../src/heartbeats.ts'
import * as drivers from '../src/index.ts'
import { crc16 } from '../src/modbus/crc.ts'
import { driver as modbus } from '../src/protocols/modbus.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

const bytes = (text: string) => parseDtuText(text)!
const dtu = (name: string, registration: string | null, heartbeat: string | null = null): DtuIdentity => ({
  name,
  registration: registration === null ? null : bytes(registration),
  heartbeat: heartbeat === null ? null : bytes(heartbeat),
})
const DTUS = [dtu('one', 'DTU-1', 'hh'), dtu('ten', 'DTU-10'), dtu('raw', 'hex:01 FF 7E')]

describe('the registration packet of a DTU', () => {
  const named = (said: string) => {
    const greeting = readGreeting(bytes(said), DTUS)
    return 'dtu' in greeting
      ? `${greeting.type} ${greeting.dtu.name} ${dtuText(greeting.rest)}`
      : greeting.type
  }
  it.each([
    ['DTU-1', 'settle one hex:'],
    ['DTU-1\r\n', 'known one hex:0D0A'],
    ['\r\nDTU-10\0', 'known ten hex:00'],
    ['DTU-10', 'settle ten hex:'],
    ['DTU-1h', 'settle one h'],
    ['DTU-1hh', 'known one hh'],
    ['DTU-1x', 'wait'],
    ['DTU-12', 'wait'],
    ['XDTU-10', 'wait'],
    ['hh\r\nDTU-10\n', 'known ten hex:0A'],
    ['hex:01 FF 7E 68', 'known raw h'],
    ['hex:01 FF', 'wait'],
    ['x'.repeat(256), 'wait'],
  ])('%j: %s', (said, expected) => expect(named(said)).toBe(expected))

  it('is decided the same wherever the network cuts it, and waits longer where it could be another', () => {
    const said = [...'\r\nDTU-10\r\nhh', ...'hhDTU-1\0', ...'xDTU-1 DTU-10 '].map((char) =>
      char.charCodeAt(0),
    )
    fc.assert(
      fc.property(fc.nat({ max: said.length }), fc.array(fc.nat({ max: said.length })), (from, places) => {
        const stream = Uint8Array.from(said.slice(from))
        const decide = (cuts: readonly number[]) => {
          for (const end of [...cuts, stream.length].sort((a, b) => a - b)) {
            const greeting = readGreeting(stream.subarray(0, end), DTUS)
            if (greeting.type === 'known') return greeting.dtu.name
          }
          return null
        }
        const bytewise = Array.from(stream, (_, at) => at + 1)
        expect(decide(places.filter((place) => place <= stream.length))).toBe(decide(bytewise))
      }),
    )
    expect(readGreeting(bytes('DTU-1'), DTUS)).toMatchObject({ silenceMs: 5000 })
    expect(readGreeting(bytes('DTU-10'), DTUS)).toMatchObject({ silenceMs: 500 })
  })

  it('is unknown when it never ends, and whoever need not say it is taken as it is', () => {
    expect(readGreeting(new Uint8Array(512), DTUS)).toEqual({ type: 'unknown' })
    expect(readGreeting(new Uint8Array(0), [dtu('any', null)])).toMatchObject({ type: 'known' })
    expect([parseDtuText(''), parseDtuText('hex:1'), parseDtuText('hex:')]).toEqual([null, null, null])
  })
})

describe('heartbeats', () => {
  const frame = Uint8Array.from([1, 3, 2, 0, 8, 0xb9, 0x82])
  it('are learned from what comes again and again while nobody was asked, and frames never', async () => {
    const clock = drivers.createManualClock(0)
    const heartbeats = createHeartbeats([], clock)
    const isOne = (said: Uint8Array) => heartbeats.isOne(said)
    heartbeats.noteAsked()
    expect([1, 2, 3, 4].map(() => isOne(bytes('ping')))).toEqual([false, false, false, false])
    await clock.advance(5000)
    expect(['ping', 'ping\r\n', 'ping', 'ping'].map((said) => isOne(bytes(said)))).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect([1, 2, 3, 4].map(() => isOne(frame))).toEqual([false, false, false, false])
    heartbeats.noteAsked()
    expect(isOne(bytes('ping'))).toBe(true)
    // Glued to something else it is for the checksum to find the frame.
    expect(isOne(bytes('pingping'))).toBe(false)
  })
})

describe('DTUs that dial in', () => {
  const host = '127.0.0.1'
  const closing: (() => Promise<unknown> | unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  async function listening(dtus: readonly DtuIdentity[], clock?: drivers.Clock): Promise<DtuListener> {
    const listener = expectOk(await listenDtus({ host, port: 0, dtus }, clock))
    closing.push(() => listener.close())
    return listener
  }
  async function dial({ port }: DtuListener): Promise<Socket> {
    const socket = connect({ host, port })
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    await new Promise((resolve) => socket.once('connect', resolve))
    return socket
  }
  const ended = (socket: Socket) =>
    new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())))
  const busOn = (listener: DtuListener, name: string) => {
    const bus = drivers.createLastingBus({
      open: (signal) => listener.open(name, signal),
      clock: drivers.systemClock,
      replyTimeoutMs: 5000,
      backoffMs: 10,
    })
    closing.push(() => bus.close())
    return bus
  }
  const attachMeter = (socket: Socket, startKilowattHours: number, behaviours: drivers.Behaviour[] = []) =>
    drivers.attachMeters(drivers.socketToPort(socket), [
      drivers.createSimulatedMeter({
        address: '000000000161',
        startKilowattHours,
        load: drivers.createConstantLoad(0),
        behaviours,
      }),
    ])
  const ask = async (bus: drivers.Bus) => {
    const read = expectOk(await drivers.readMeter(bus, '000000000161', ['00010000']))
    return read[0]!.value
  }

  it('are found by what they say, cut at every byte, and read through heartbeats and other meters', async () => {
    const listener = await listening(DTUS)
    const socket = await dial(listener)
    for (const byte of '\r\nDTU-1\r\n') {
      socket.write(byte)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const bus = busOn(listener, 'one')
    attachMeter(socket, 1234.56, [drivers.split(5, 5), drivers.noiseBefore()])
    // Everything else that a shared line carries: a heartbeat, another protocol's frame, a heartbeat glued to the answer.
    socket.on('data', () => {
      socket.write('hh')
      socket.write(Buffer.from([1, 3, 2, 0, 8, 0xb9, 0x82]))
      socket.write('hhh')
    })
    expect(await Promise.all([ask(bus), ask(bus)])).toEqual([1234.56, 1234.56])
    const beats = setInterval(() => socket.write('hh'), 5)
    await vi.waitUntil(() => listener.states[0]!.heartbeats > 2, PATIENCE)
    clearInterval(beats)
    expect(listener.states[0]).toMatchObject({ name: 'one', isConnected: true, connected: 1 })
  })

  it('may have meters of several protocols behind them', async () => {
    const listener = await listening([dtu('any', null)])
    const socket = await dial(listener)
    const bus = busOn(listener, 'any')
    attachMeter(socket, 7)
    const parser = modbus.createParser()
    socket.on('data', (piece) => {
      for (const frame of parser.push(piece).frames) {
        const body = Uint8Array.from([Number(frame.address), 3, 4, 0x00, 0x50, 0x9a, 0x44])
        socket.write(Uint8Array.from([...body, crc16(body) & 0xff, crc16(body) >> 8]))
      }
    })
    const water = drivers.readMeter(bus, '3', ['water=3:0001:f32:DCBA'], { driver: modbus as drivers.Driver })
    expect(await Promise.all([ask(bus), water.then((read) => expectOk(read)[0]!.value), ask(bus)])).toEqual([
      7, 1234.5, 7,
    ])
  })

  it('take the place of their old connection, and the bus goes on with the new one', async () => {
    const listener = await listening(DTUS)
    const bus = busOn(listener, 'ten')
    const first = await dial(listener)
    first.write('DTU-10\n')
    attachMeter(first, 1)
    expect(await ask(bus)).toBe(1)
    const second = await dial(listener)
    attachMeter(second, 2)
    second.write('DTU-10\n')
    await ended(first)
    await vi.waitUntil(() => !bus.state.isOpen, PATIENCE)
    expect(await ask(bus)).toBe(2)
    expect(listener.states[1]).toMatchObject({ connected: 2, replaced: 1, isConnected: true })
    second.destroy()
    await vi.waitUntil(() => !listener.states[1]!.isConnected, PATIENCE)
    const stop = new AbortController()
    const waiting = listener.open('ten', stop.signal)
    stop.abort()
    expect(await waiting).toEqual({ ok: false, problem: { type: 'aborted' } })
  })

  it('that nobody expects are refused, counted and named; floods and the mute are cut off', async () => {
    const clock = drivers.createManualClock(0)
    const listener = await listening(DTUS, clock)
    const wrong = await dial(listener)
    wrong.write('DTU-7\r\n')
    const silent = await dial(listener)
    const flood = await dial(listener)
    flood.write(Buffer.alloc(4096, 0x41))
    await ended(flood)
    expect(listener.counters).toMatchObject({ unknown: 1, mute: 0 })
    const strangers = await Promise.all(Array.from({ length: 14 }, () => dial(listener)))
    const oneTooMany = await dial(listener)
    await ended(oneTooMany)
    // What the first one said has certainly arrived by now.
    await clock.advance(30_000)
    await Promise.all([wrong, silent, ...strangers].map(ended))
    expect(listener.counters).toEqual({ unknown: 2, mute: 15, tooMany: 1, flooding: 0, stuck: 0 })
    expect(listener.unknown[0]).toBe('DTU-7')
    const known = await dial(listener)
    known.write('DTU-10\n')
    await vi.waitUntil(() => listener.states[1]!.isConnected, PATIENCE)
    const babble = setInterval(() => known.write(Buffer.alloc(32_768)), 1)
    await ended(known)
    clearInterval(babble)
    expect(listener.counters).toMatchObject({ flooding: 1 })
    expect(listener.states[1]).toMatchObject({ isConnected: false })
  })

  it('that stay away are told as absent', async () => {
    const clock = drivers.createManualClock(0)
    const listener = await listening(DTUS, clock)
    const absent = listener.open('raw', new AbortController().signal)
    await clock.advance(10_000)
    expect(await absent).toEqual({ ok: false, problem: { type: 'dtu-absent', name: 'raw' } })
  })
})
