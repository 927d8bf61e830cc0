import { ok } from '@doorstep/core'
import { describe, expect, it } from 'vitest'
import { createBus } from '../bus.ts'
import { expectOk } from '../expect-ok.ts'
import { attachMeters } from '../simulate/line.ts'
import { createManualClock } from '../simulate/manual-clock.ts'
import { planMeters } from '../simulate/plan.ts'
import { createPortPair } from '../simulate/port-pair.ts'
import { type ScanOptions, type ScanProgress, scanLine } from './scan-line.ts'
import { SERIAL_TRIES, scanSerial } from './scan-serial.ts'

/** A line of 2400 baud, on which who speaks at once is lost in each other. */
async function scan(meters: readonly string[], options: ScanOptions = {}, faults: readonly string[] = []) {
  const clock = createManualClock(0)
  const [master, line] = createPortPair(clock)
  const devices = expectOk(planMeters({ meters, faults, clock }))
  attachMeters(line, devices, { baud: 2400, replyDelayMs: 50 })
  const bus = createBus(master, { baud: 2400 })
  const report = await clock.advanceUntil(scanLine(bus, options))
  return { ...report, addresses: report.found.map(({ address }) => address).sort(), devices, clock }
}

describe('a scan', () => {
  it('finds the only meter with a question or two, of either edition', async () => {
    const modern = await scan(['275:1'], { protocols: ['dlt645'] })
    expect(modern.found).toEqual([{ protocol: 'dlt645', address: '000000000275', edition: '2007' }])
    const old = await scan(['dlt645-1997:275:1'], { protocols: ['dlt645'] })
    expect(old.found).toEqual([{ protocol: 'dlt645', address: '000000000275', edition: '1997' }])
    for (const { asked, ms } of [modern, old]) {
      // Silence to everybody is asked about twice.
      expect(asked).toBe(3)
      expect(ms).toBeLessThan(4000)
    }
  })

  it('tells meters apart that answer at once, whatever digit they differ in', async () => {
    const meters = ['990000000161', '990000000261', '990000000162', '980000000162']
    const { addresses, unresolved, asked, ended } = await scan(
      meters.map((address) => `${address}:1`),
      { protocols: ['dlt645'] },
    )
    expect(addresses).toEqual(meters.toSorted())
    expect({ unresolved, ended }).toEqual({ unresolved: [], ended: null })
    expect(asked).toBeLessThan(900)
  })

  it('finds water meters of CJ/T 188 by the low end of their addresses', async () => {
    const { found } = await scan(['cjt188:00201510270588:1', 'cjt188:00201510270599:1:gas'], {
      protocols: ['cjt188'],
    })
    expect(found).toMatchObject([
      { protocol: 'cjt188', address: '00201510270588', counts: { en: 'cold water' } },
      { protocol: 'cjt188', address: '00201510270599', counts: { en: 'gas' } },
    ])
  })

  it('finds M-Bus meters by primary address, and by number where several share one', async () => {
    const alone = await scan(['mbus:7:1'], { protocols: ['mbus'] })
    expect(alone.found).toMatchObject([{ address: '7', number: '00000007', counts: { en: 'water' } }])
    expect(alone.asked).toBe(1)
    const many = await scan(['mbus:7:1', 'mbus:12345678:1:heat', 'mbus:12345679:1', 'mbus:87654321:1'], {
      protocols: ['mbus'],
    })
    expect(many.addresses).toEqual(['12345678', '12345679', '7', '87654321'])
    expect(many.unresolved).toEqual([])
    // Told once, though a search by number finds it again.
    expect(many.found).toHaveLength(4)
  })

  it('does not take the noise of one meter for others', async () => {
    const { addresses, asked } = await scan(['161:1', '275:3'], { protocols: ['dlt645'] }, ['noise'])
    expect(addresses).toEqual(['000000000161', '000000000275'])
    expect(asked).toBeLessThan(115)
    const alone = await scan(['161:1'], { protocols: ['dlt645'] }, ['noise'])
    expect(alone.asked).toBe(5)
  })

  it('finds every Modbus unit, and who speaks what on a mixed line', async () => {
    const meters = ['161:1', 'cjt188:00201510270588:1', 'mbus:5:1', 'modbus:3:1', 'modbus:44:1:pzem-004t']
    const { found } = await scan(meters, {}, [])
    expect(found.map(({ protocol, address }) => `${protocol} ${address}`)).toEqual([
      'dlt645 000000000161',
      'cjt188 00201510270588',
      'mbus 5',
      'modbus 3',
      'modbus 44',
    ])
  })

  it('says where there is somebody it cannot understand, down to the last digit', async () => {
    const options: ScanOptions = { protocols: ['dlt645'], timeoutMs: 200 }
    const { addresses, unresolved } = await scan(['161:1', '275:3'], options, ['checksum@161'])
    expect(addresses).toEqual(['000000000275'])
    expect(unresolved).toEqual([{ protocol: 'dlt645', address: '000000000161' }])
  })

  it('stops when told to with what it has', async () => {
    const stop = new AbortController()
    const seen: ScanProgress[] = []
    const stopped = await scan(['161:1', '275:3'], {
      protocols: ['dlt645'],
      signal: stop.signal,
      onProgress(now) {
        seen.push(now)
        if (now.asked === 70) stop.abort()
      },
    })
    expect(stopped.ended).toEqual({ type: 'aborted' })
    expect(stopped.addresses).toEqual(['000000000161'])
    expect(seen.at(-1)).toMatchObject({ protocol: 'dlt645', asked: 70, found: 1 })
  })

  it('commands nothing: every device heard questions alone', async () => {
    const { devices } = await scan([
      '161:1',
      '162:1',
      'dlt645-1997:9:1',
      'cjt188:1:1',
      'mbus:1:1',
      'mbus:2:1',
    ])
    expect(devices.map(({ counters }) => counters.ignoredCommands)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('tries the speeds and parities there are', async () => {
    const clock = createManualClock(0)
    const opened: number[] = []
    const report = await clock.advanceUntil(
      scanSerial(
        async ({ baud, parity }) => {
          opened.push(baud)
          const [master, line] = createPortPair(clock)
          // A meter at another speed understands nothing.
          const meters = baud === 1200 ? ['161:1'] : baud === 9600 && parity === 'none' ? ['modbus:3:1'] : []
          attachMeters(line, expectOk(planMeters({ meters, clock })), { baud })
          return ok(master)
        },
        { timeoutMs: 200 },
      ),
    )
    expect(opened).toEqual(SERIAL_TRIES.map(({ baud }) => baud))
    expect(report.found).toMatchObject([
      { protocol: 'dlt645', address: '000000000161', baud: 1200, parity: 'even' },
      { protocol: 'modbus', address: '3', baud: 9600, parity: 'none' },
    ])
  })
})
