import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealBlob } from '../blob/seal-blob.ts'
import { expectOk } from '../result.ts'
import { eraseRecords } from '../station/erase.ts'
import type { Station } from '../station/station.ts'
import { deliver, TestCommunity } from '../testing/test-community.ts'
import { addAttachment, openAttachment } from './attachment.ts'
import { giveConsent, withdrawConsent } from './consent.ts'
import { reveal } from './reveal.ts'

let community: TestCommunity
let founder: Station
let household: string

beforeEach(async () => {
  const made = await TestCommunity.create()
  community = made.community
  founder = made.founder
  const space = String([...founder.records({ type: 'grid' })][0]!.fields.space)
  const { value } = expectOk(
    await founder.write('record.edit', (book) => {
      const building = expectOk(book.create('building', space, { set: { name: '一号楼' } }))
      const dwelling = expectOk(book.create('dwelling', space, { set: { building, room: '101' } }))
      return book.create('household', space, { set: { dwelling, name: '测试户' } })
    }),
  )
  household = value
})
afterEach(async () => community.close())

const png = (...chunks: string[]) => {
  const chunk = (type: string) => Buffer.concat([Buffer.alloc(4), Buffer.from(type), Buffer.alloc(4)])
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...[...chunks, 'IEND'].map(chunk)])
}
const photo = (bytes = png('IDAT')) =>
  addAttachment(founder, { about: household, kind: 'photo', mediaType: 'image/png', bytes })
const scan = (station = founder) =>
  addAttachment(station, {
    about: household,
    kind: 'scan',
    mediaType: 'application/pdf',
    bytes: Buffer.from('%PDF-1.7'),
  })

test('a photo needs the consent of the home; withdrawn, none is taken any more; papers are taken all the same', async () => {
  expect(await photo()).toMatchObject({ problem: { type: 'no-consent', because: 'unsaid' } })
  const consent = { subject: household, purpose: 'photos', basis: 'consent', how: 'paper' } as const
  const given = expectOk(await giveConsent(founder, consent))
  expectOk(await photo())
  expectOk(await withdrawConsent(founder, { consent: given.consent, reason: '不要了' }))
  expect(await photo()).toMatchObject({ problem: { type: 'no-consent', because: 'withdrawn' } })
  expectOk(await scan())
  expect([...founder.records({ type: 'attachment' })]).toHaveLength(2)
  // What was refused left no file either.
  const files = readdirSync(join(founder.home, 'blobs'), { recursive: true }).filter(
    (name) => String(name).length > 2,
  )
  expect(files).toHaveLength(2)
})

test('an image that still says where it was taken is refused, and so is what is none', async () => {
  for (const kind of ['eXIf', 'tEXt', 'iTXt'])
    expect(await photo(png(kind, 'IDAT'))).toMatchObject({ problem: { type: 'metadata-left' } })
  expect(await photo(Buffer.from('GIF89a'))).toMatchObject({ problem: { type: 'attachment-type' } })
  expect(await photo(Buffer.alloc(0))).toMatchObject({ problem: { type: 'attachment-empty' } })
})

test('looking is written down before the bytes are given, for those who may; the key is given to nobody', async () => {
  const { attachment } = expectOk(await scan())
  const opened = expectOk(await openAttachment(founder, attachment, ['original'], '本人要求'))
  expect(Buffer.from(opened.bytes).toString()).toBe('%PDF-1.7')
  const notes = [...founder.records({ type: 'reveal' })].map(({ fields, timelines }) => [
    fields.record,
    timelines.seen?.map(({ value }) => value),
  ])
  expect(notes).toEqual([[attachment, [{ field: 'original', reason: 'request' }]]])
  expect(founder.get(attachment)!.fields.key).toBe('****')
  expect(await reveal(founder, attachment, 'key', 'verify')).toMatchObject({
    problem: { type: 'nothing-there' },
  })
  const auditor = await community.join(founder, '审计', 'auditor')
  await deliver(founder, auditor)
  const blob = String(founder.get(attachment)!.fields.original)
  auditor.blobs.files.put(blob, {
    leaves: founder.blobs.files.leaves(blob)!,
    sealed: founder.blobs.files.read(blob)!,
  })
  auditor.blobs.arrived(blob)
  expect(await openAttachment(auditor, attachment, ['original'], 'verify')).toMatchObject({
    problem: { type: 'role-may-not' },
  })
})

test('a disk that refuses the file leaves no record, and says so', async () => {
  founder.blobs.files.put = () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  }
  expect(await scan()).toMatchObject({ ok: false, problem: { type: 'disk-full' } })
  expect([...founder.records({ type: 'attachment' })]).toEqual([])
})

test('a file that cannot be taken away keeps no erasure from being acknowledged, and goes as soon as it can', async () => {
  const { attachment } = expectOk(await scan())
  const blob = founder.blobs.rows()[0]!.blob
  const path = join(founder.home, 'blobs', blob.slice(-2), blob)
  // What no station puts there, and rm refuses, as Windows refuses a file that somebody has open.
  renameSync(path, `${path}.aside`)
  mkdirSync(path)
  expectOk(await eraseRecords(founder, [attachment], { reason: 'test' }))
  expect(founder.get(attachment)).toBeNull()
  rmSync(path, { recursive: true })
  renameSync(`${path}.aside`, path)
  expectOk(await scan())
  const files = readdirSync(join(founder.home, 'blobs'), { recursive: true }).map(String)
  expect(files.filter((name) => name.endsWith(blob))).toEqual([])
})

test('what another process adds while photos are looked through is looked at the next time', async () => {
  const { store } = founder.trunk
  const { attachment } = expectOk(await scan())
  const { space } = founder.get(attachment)!
  const row = store.record(space, attachment)!
  const blob = `${String(row.projection.fields.original).slice(0, -4)}0000`
  const projection = {
    ...row.projection,
    id: 'at-other',
    fields: { ...row.projection.fields, original: blob },
  }
  const read = store.recordsSince
  Object.assign(store, {
    *recordsSince(type: string, rev: number) {
      yield* read(type, rev)
      store.transaction(() => store.putRecord({ ...row, id: 'at-other', projection }))
      store.recordsSince = read
    },
  })
  expectOk(await scan())
  expect(founder.blobs.row(blob)).toBeNull()
  expectOk(await scan())
  expect(founder.blobs.row(blob)).toMatchObject({ blob })
})

test('no file is swept away before it was asked what the records name by now', async () => {
  const { attachment } = expectOk(await scan())
  const { store } = founder.trunk
  const row = store.record(founder.get(attachment)!.space, attachment)!
  const one = sealBlob(new Uint8Array(32), 'original', Buffer.from('another'))
  founder.blobs.files.put(one.blob, one)
  const long = new Date(founder.now - 7_200_000)
  utimesSync(join(founder.home, 'blobs', one.blob.slice(-2), one.blob), long, long)
  const projection = {
    ...row.projection,
    id: 'at-other',
    fields: { ...row.projection.fields, original: one.blob },
  }
  store.transaction(() => store.putRecord({ ...row, id: 'at-other', projection }))
  expect([founder.blobs.sweep(), founder.blobs.files.has(one.blob)]).toEqual([0, true])
})
