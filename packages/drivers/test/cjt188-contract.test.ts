import { driver } from '../src/protocols/cjt188.ts'
import { testDriverContract } from './driver-contract.ts'
import { bytesOf, vectorsOf } from './vectors-of.ts'

const address = '00201510270588'

testDriverContract({
  driver,
  frames: vectorsOf('cjt188').good.map((vector) => bytesOf(vector.hex)),
  garbage: [
    bytesOf('00 33 CC'),
    bytesOf('68'),
    bytesOf('FE FE FE FE FE FE FE'),
    bytesOf('68 10 68 10 68 10 68'),
    // A DTU's registration and heartbeat.
    new TextEncoder().encode('REG:013800138000 hh'),
    // A length that promises 100 bytes, and one that no meter sends.
    bytesOf('68 10 88 05 27 10 15 20 00 81 64 90 1F'),
    bytesOf('68 10 88 05 27 10 15 20 00 81 65 90 1F'),
  ],
  requests: [
    { type: 'item', address, item: '901F' },
    { type: 'item', address: 'AAAAAAAAAAAAAA', item: '901F' },
    { type: 'item', address: 'AAAAAAAAAA0588', item: '901F' },
    { type: 'address', address: 'AAAAAAAAAAAAAA' },
  ],
  badRequests: [
    { type: 'item', address: '0588', item: '901F' },
    { type: 'item', address: '002015102705AA', item: '901F' },
    { type: 'item', address, item: '90' },
    { type: 'item', address, item: '901G' },
    { type: 'follow-up', address, item: '901F', sequence: 1 },
  ],
})
