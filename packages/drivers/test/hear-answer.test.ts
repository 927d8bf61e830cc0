import { expect, test } from 'vitest'
import type { DecodedItem, Driver, Missing, Reading } from '../src/contract.ts'
import { convertUnit } from '../src/convert-unit.ts'
import { hearAnswer } from '../src/hear-answer.ts'
import { drivers } from '../src/registry.gen.ts'
import { bytesOf, vectorsOf } from './vectors-of.ts'

const at = '2026-11-26T02:00:00.000Z'
const driverOf = (protocol: string) => drivers.find((driver) => driver.protocol === protocol)!

/** The published frames of a protocol, as readings. */
function answersOf(driver: Driver): Reading[][] {
  return vectorsOf(driver.protocol).good.flatMap(({ hex }) => {
    const parser = driver.createParser()
    const { frames } = parser.push(bytesOf(hex))
    return frames.map((frame) => {
      const { items, protocol, address, error } = driver.decode(frame)
      return items.map((item) => ({ ...item, protocol, address, at, error }))
    })
  })
}
const heardIn = (protocol: string) =>
  answersOf(driverOf(protocol)).flatMap((answer) =>
    hearAnswer(driverOf(protocol), answer).heard.map(
      ({ address, signal, value }) => `${address} ${signal} ${value}`,
    ),
  )

test('electricity meters of both editions say energy in kWh and power in W', () => {
  expect(heardIn('dlt645')).toEqual(
    expect.arrayContaining([
      '123456789012 electricity 1234.56',
      '010003635927 electricity 1426.79',
      '000000000161 voltage 100.1',
      '000000000161 current 4.999',
      '000000000161 power 251.2',
      '010003635927 voltage 223',
    ]),
  )
})

test('what a register of CJ/T 188 or M-Bus counts is what the same answer says the meter is', () => {
  expect(heardIn('cjt188')).toEqual(
    expect.arrayContaining(['00924040000018 water 0.29', '42590008210438 heat 5328.19']),
  )
  // A heat meter's volume is of the water in its pipes; it is nobody's use.
  expect(heardIn('cjt188').filter((line) => line.startsWith('42590008210438'))).toEqual([
    '42590008210438 heat 5328.19',
  ])
  expect(heardIn('mbus')).toEqual(
    expect.arrayContaining(['1 water 123.49', '0 water 0.101', '4 gas 0.26', '1 heat 0', '1 fault 1']),
  )
})

const reading = (item: Partial<DecodedItem>): Reading => ({
  id: '901F',
  name: { zh: '', en: '' },
  value: 1,
  unit: 'm³',
  raw: '',
  missing: null,
  protocol: 'cjt188',
  address: '00201510270588',
  at,
  error: null,
  ...item,
})
const water = reading({ id: 'type', value: 'cold water', unit: '' })

test('litres become cubic metres, and joules kilowatt-hours', () => {
  const { heard } = hearAnswer(driverOf('cjt188'), [reading({ value: 12_349, unit: 'L' }), water])
  expect(heard).toEqual([
    { protocol: 'cjt188', address: '00201510270588', signal: 'water', atMs: Date.parse(at), value: 12.349 },
  ])
  const heat = reading({ id: 'type', value: 'heat', unit: '' })
  const { heard: warm } = hearAnswer(driverOf('cjt188'), [reading({ value: 3.6, unit: 'GJ' }), heat])
  expect(warm[0]!.value).toBe(1000)
  expect([convertUnit(7_200_000, 'J', 'kWh'), convertUnit(2, 'm³/s', 'm³/h')]).toEqual([2, 7200])
})

test('what was refused, absent, of another quantity or said again is not heard, and why is told', () => {
  const reasons = (...answer: Reading[]) =>
    hearAnswer(driverOf('cjt188'), [...answer, water]).unheard.map(({ item, reason }) => `${item} ${reason}`)
  for (const missing of ['refused', 'absent', 'invalid-bcd', 'wrong-length'] satisfies Missing[])
    expect(reasons(reading({ value: null, missing }))).toEqual([`901F ${missing}`, 'type no-signal'])
  expect(reasons(reading({ unit: 'kWh' }))[0]).toBe('901F unit')
  expect(reasons(reading({ value: 'x' }))[0]).toBe('901F no-number')
  expect(reasons(reading({ value: Number.NaN }))[0]).toBe('901F no-number')
  expect(reasons(reading({}), reading({ value: 2 }))[0]).toBe('901F again')
  const other = reading({ id: 'type', value: 'custom', unit: '' })
  expect(hearAnswer(driverOf('cjt188'), [reading({}), other]).heard).toEqual([])
})
