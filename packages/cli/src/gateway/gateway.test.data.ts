/** A made-up community: a chief's laptop with a register, and a gateway that reads it. */
import { expectOk, giveConsent, ok, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { createMetrics, type MetricsNow } from './metrics.ts'

/** What must be in no log and on no page, in any way of writing it. */
export const PERSONAL = ['测试住户甲', '00000001234', '000****1234', '000000000161', '1幢', '2-101', '测试员']
export const METER = '000000000161'

export type Neighbourhood = {
  readonly founder: Station
  readonly gateway: Station
  readonly household: string
  readonly device: string
  readonly consent: string
  close(): Promise<void>
}

export async function neighbourhood(): Promise<Neighbourhood> {
  const { community, founder } = await TestCommunity.create(['一号网格'])
  const grid = gridOf(founder)
  const written = expectOk(
    await founder.write('record.import', (book) => {
      const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
      const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '2', room: '101' } }))
      const set = { dwelling, name: '测试住户甲', phone: '00000001234' }
      const household = expectOk(book.create('household', grid, { set }))
      const meter = { dwelling, kind: 'electricity', protocol: 'dlt645', address: METER }
      return ok({ household, device: expectOk(book.create('device', grid, { set: meter })) })
    }),
  )
  const { household, device } = written.value
  const given = await giveConsent(founder, {
    subject: household,
    purpose: 'monitor-electricity',
    how: 'paper',
  })
  const gateway = await community.join(founder, '测试员的网关', 'steward')
  await deliver(founder, gateway)
  return {
    founder,
    gateway,
    household,
    device,
    consent: expectOk(given).consent,
    close: () => community.close(),
  }
}

/** Of a gateway at which nothing goes on but what its sources count. */
export const quietMetrics = (sources: () => ReturnType<MetricsNow>['sources'] = () => []) =>
  createMetrics(() => ({
    sources: sources(),
    devices: { online: 0, silent: 0, never: 0, 'no-consent': 0 },
    alarmsOpen: 0,
    peers: 0,
    clockSet: false,
    freeDiskBytes: 0,
    readingsBytes: 0,
    storeBytes: 0,
  }))

/** A log in memory. */
export function memoryLog() {
  const lines: string[] = []
  return { lines, out: { write: (line: string) => void lines.push(line) } }
}
