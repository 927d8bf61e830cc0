import { driver } from '../src/protocols/dlt645.ts'
import { testDriverContract } from './driver-contract.ts'
import { bytesOf, vectorsOf } from './vectors-of.ts'

const address = '000000000161'

testDriverContract({
  driver,
  frames: vectorsOf('dlt645').good.map((vector) => bytesOf(vector.hex)),
  garbage: [
    bytesOf('00 33 CC'),
    bytesOf('68'),
    bytesOf('FE FE FE FE FE FE FE'),
    bytesOf('68 68 68 68 68 68 68 68 68 68'),
    // A DTU's registration and heartbeat.
    new TextEncoder().encode('REG:013800138000 hh'),
    // A length that promises 200 bytes.
    bytesOf('68 61 01 00 00 00 00 68 91 C8 33 33 34 33'),
    bytesOf('68 61 01 00 00 00 00 68 91 FF 33 33 34 33'),
  ],
  requests: [
    { type: 'item', address, item: '00010000' },
    { type: 'item', address: 'AAAAAAAAAAAA', item: '02010100' },
    { type: 'item', address: 'AAAAAA000161', item: '0506FF01' },
    { type: 'item', address, item: '9010' },
    { type: 'item', address: 'AAAAAAAAAAAA', item: '941F' },
    { type: 'follow-up', address, item: '0001FF00', sequence: 255 },
    { type: 'address', address: 'AAAAAAAAAAAA' },
  ],
  badRequests: [
    { type: 'item', address: '161', item: '00010000' },
    { type: 'item', address: '0000000001AA', item: '00010000' },
    { type: 'item', address: '999999999999', item: '00010000' },
    { type: 'item', address, item: '000100' },
    { type: 'follow-up', address, item: '901F', sequence: 1 },
    { type: 'item', address, item: '0001000G' },
    { type: 'follow-up', address, item: '00010000', sequence: 0 },
    { type: 'follow-up', address, item: '00010000', sequence: 256 },
  ],
})
