import { describe, expect, it } from 'vitest'
import { createWirePair } from './memory-wire.ts'
import { describeWire } from './wire-contract.ts'

const keyA = new Uint8Array(32).fill(0xa)
const keyB = new Uint8Array(32).fill(0xb)

describeWire('memory', async () => ({ ...createWirePair({ keyA, keyB }), keyA, keyB, close: () => {} }))

describe('a wire you can hold', () => {
  /** Runs deferred tasks by hand, so nothing here waits for time. */
  function manual() {
    const tasks: (() => void)[] = []
    const pair = createWirePair({ keyA, keyB, defer: (task) => void tasks.push(task) })
    const run = () => {
      for (let task = tasks.shift(); task; task = tasks.shift()) task()
    }
    return { pair, run }
  }

  it('hands over frame by frame while held, one direction apart from the other', () => {
    const { pair, run } = manual()
    const [atA, atB]: number[][] = [[], []]
    pair.a.onFrame((frame) => atA!.push(frame[0]!))
    pair.b.onFrame((frame) => atB!.push(frame[0]!))
    pair.hold('ab')
    for (const n of [1, 2, 3]) {
      void pair.a.send(Uint8Array.of(n))
      void pair.b.send(Uint8Array.of(n))
    }
    run()
    expect([atA, atB]).toEqual([[1, 2, 3], []])
    expect(pair.step('ab')).toBe(true)
    expect(atB).toEqual([1])
    expect(pair.inFlight('ab')).toBe(2)
    pair.release('ab')
    run()
    expect(atB).toEqual([1, 2, 3])
    expect(pair.step('ab')).toBe(false)
  })

  it('loses what is in flight when it is cut, and tells both ends why', () => {
    const { pair, run } = manual()
    const seen: unknown[] = []
    pair.b.onFrame((frame) => seen.push(frame[0]))
    pair.a.onClose((reason) => seen.push(`a ${reason}`))
    pair.b.onClose((reason) => seen.push(`b ${reason}`))
    pair.hold()
    void pair.a.send(Uint8Array.of(1))
    void pair.a.send(Uint8Array.of(2))
    pair.step('ab')
    pair.cut('pulled')
    pair.release()
    run()
    expect(seen).toEqual([1, 'a pulled', 'b pulled'])
    expect(pair.inFlight('ab')).toBe(0)
  })

  it('keeps the bytes as they were when sent', () => {
    const { pair, run } = manual()
    const frame = Uint8Array.of(1, 2, 3)
    const got: Uint8Array[] = []
    pair.b.onFrame((received) => got.push(received))
    void pair.a.send(frame)
    frame.fill(9)
    run()
    expect(got).toEqual([Uint8Array.of(1, 2, 3)])
  })
})
