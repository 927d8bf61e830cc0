import { expect, test } from 'vitest'
import { hostsOf } from './discovery.ts'

test.each([
  ['where it answered from, of its addresses', ['10.0.0.2', '192.168.1.7'], '192.168.1.7', ['192.168.1.7']],
  ['it names none', [], '10.77.0.2', ['10.77.0.2']],
  ['it names addresses of version 6 alone', ['fe80::1'], '10.77.0.2', ['10.77.0.2']],
  ['it answered from none that it names', ['10.0.0.2', '10.1.0.2'], '172.17.0.1', ['10.0.0.2', '10.1.0.2']],
  ['it answered by version 6', ['10.0.0.2'], 'fe80::1', ['10.0.0.2']],
])('a station on the LAN is called: %s', (_, addresses, address, hosts) => {
  expect(hostsOf({ addresses, referer: { address } })).toEqual(hosts)
})
