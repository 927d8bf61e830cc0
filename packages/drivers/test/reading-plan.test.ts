import { expect, test } from 'vitest'
import { READABLE_PROTOCOLS, readingPlans } from '../src/reading-plan.ts'

const ways = (protocol: string) =>
  readingPlans(protocol).map(({ driver, variant, items }) => [driver.protocol, variant, ...items].join(' '))

test('each protocol of a record has its questions, where it may be one of several the ways in order', () => {
  expect(ways('dlt645')).toEqual(['dlt645 2007 00010000', 'dlt645 1997 9010'])
  expect(ways('dlt645:1997')).toEqual(['dlt645 1997 9010'])
  expect(ways('cjt188')).toEqual(['cjt188  901F'])
  expect(ways('mbus')).toEqual(['mbus  data'])
  expect(ways('modbus:xintai-water')).toEqual(['modbus xintai-water water=3:0001:f32:DCBA'])
  expect(ways('modbus:gas=4:0010:u32*0.01')).toEqual(['modbus gas=4:0010:u32*0.01 gas=4:0010:u32*0.01'])
  for (const none of ['', 'mqtt', 'modbus', 'modbus:no-such', 'modbus:3:0001', 'mbus:1', 'dlt645:2030'])
    expect(ways(none), none).toEqual([])
})

test('whatever is asked can be asked, and says a signal', () => {
  for (const protocol of READABLE_PROTOCOLS.filter((text) => !text.includes('='))) {
    const plans = readingPlans(protocol)
    expect(plans.length, protocol).toBeGreaterThan(0)
    for (const { driver, items, more } of plans) {
      for (const item of [...items, ...more]) {
        const address = { dlt645: '000000000161', cjt188: '00201510270588' }[driver.protocol] ?? '1'
        expect(driver.encodeRead({ type: 'item', address, item }), item).toMatchObject({ ok: true })
        expect(driver.describeItem(item), item).not.toBeNull()
      }
    }
  }
})
