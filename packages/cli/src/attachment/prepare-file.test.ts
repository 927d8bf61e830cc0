import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk, MAX_PREVIEW_BYTES } from '@doorstep/core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesText, parseBytes } from '../voice/bytes.ts'
import { drawPicture } from './draw-picture.ts'
import { prepareFile, toPng } from './prepare-file.ts'

let folder: string
let photo: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-photo-'))
  photo = join(folder, 'photo.jpg')
  const noise = {
    width: 750,
    height: 500,
    channels: 3,
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  } as const
  const small = await sharp({ create: { ...noise, background: '#fff' } })
    .png()
    .toBuffer()
  await sharp(small)
    .resize({ width: 3000, kernel: 'nearest' })
    .jpeg({ quality: 60 })
    .withExif({
      IFD0: { Make: 'SpyCam' },
      IFD3: { GPSLatitude: '31/1 13/1 0/1', GPSLatitudeRef: 'N' },
    })
    .withMetadata({ orientation: 6 })
    .toFile(photo)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a photo is made smaller, turned upright and written anew, without place and device; its preview fits a chunk', async () => {
  const before = await sharp(photo).metadata()
  expect([before.exif !== undefined, before.orientation]).toEqual([true, 6])
  const ready = expectOk(await prepareFile(photo, undefined, { full: false }))
  expect(ready).toMatchObject({ kind: 'photo', mediaType: 'image/jpeg', isCleaned: true })
  const after = await sharp(ready.bytes).metadata()
  expect([after.exif, after.xmp, after.iptc, after.orientation]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect([after.width, after.height]).toEqual([1707, 2560])
  expect(Buffer.from(ready.bytes).includes('SpyCam')).toBe(false)
  // Noise is the worst there is to pack.
  expect(ready.preview!.length).toBeLessThanOrEqual(MAX_PREVIEW_BYTES)
  expect((await sharp(ready.preview!).metadata()).format).toBe('webp')
})

test('a document and a recording are known by their bytes, and nothing else is taken for one', async () => {
  const put = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const of = async (file: string, kind?: 'scan' | 'recording') => prepareFile(file, kind, { full: false })
  expect(expectOk(await of(put('a.bin', '%PDF-1.7 x')))).toMatchObject({ kind: 'scan', isCleaned: false })
  expect(expectOk(await of(put('b.bin', 'OggS....')))).toMatchObject({
    kind: 'recording',
    mediaType: 'audio/ogg',
  })
  expect(await of(put('c.bin', 'OggS....'), 'scan')).toMatchObject({ problem: { type: 'attachment-type' } })
  expect(await of(put('d.jpg', 'no picture at all'))).toMatchObject({ problem: { type: 'attachment-type' } })
  expect(await of(put('e.jpg', ''))).toMatchObject({ problem: { type: 'attachment-empty' } })
  expect(await of(join(folder, 'nowhere'))).toMatchObject({ problem: { type: 'file-unreadable' } })
  expect(await of(photo, 'recording')).toMatchObject({ problem: { type: 'attachment-type' } })
})

test('a picture is drawn in pixels that are the picture, no larger than its place', async () => {
  const red = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#f00' } })
    .png()
    .toBuffer()
  const sixel = await drawPicture(await toPng(red), 100, 31, 'sixel')
  expect(sixel.startsWith('\x1bP') && sixel.endsWith('\x1b\\')).toBe(true)
  // 45 wide and 30 high, in five bands of one colour: all of it red.
  expect(sixel).toContain('"1;1;45;30#0;2;100;0;0#0!45~')
  expect(sixel.match(/#0!45~/g)).toHaveLength(5)
  const iterm = await drawPicture(red, 100, 31, 'iterm2')
  const png = Buffer.from(/:([A-Za-z0-9+/=]+)\x07$/.exec(iterm)![1]!, 'base64')
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 45, height: 30 })
})

test('sizes as people write them', () => {
  expect(['500MB', '2 GB', '12', '1.5k', '3 Gib', 'none', '-1', ''].map(parseBytes)).toEqual([
    500e6,
    2e9,
    12,
    1500,
    3e9,
    null,
    null,
    null,
  ])
  expect([0, 999, 1500, 340_000, 2_100_000].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.5 KB',
    '340 KB',
    '2.1 MB',
  ])
})
