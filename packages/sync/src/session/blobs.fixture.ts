import { randomBytes } from 'node:crypto'
import { addAttachment, expectOk, type Station } from '@doorstep/core'

/** A household to hang photos on, in the grid of this name. */
export async function addHousehold(station: Station, grid = '一号网格'): Promise<string> {
  const card = [...station.records({ type: 'grid' })].find(({ fields }) => fields.name === grid)!
  const space = String(card.fields.space)
  const made = expectOk(
    await station.write('record.edit', (book) => {
      const building = expectOk(book.create('building', space, { set: { name: '一号楼' } }))
      const dwelling = expectOk(book.create('dwelling', space, { set: { building, unit: '1', room: '101' } }))
      return book.create('household', space, { set: { dwelling, name: '测试户' } })
    }),
  )
  return made.value
}

/** The smallest that passes for a PNG, of so many bytes; not for showing. */
function png(bytes: number): Uint8Array {
  const body = Buffer.alloc(bytes - 8 - 12 - 12)
  randomBytes(body.length).copy(body)
  const chunk = (type: string, data: Uint8Array) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)])
  }
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([start, chunk('IDAT', body), chunk('IEND', new Uint8Array(0))])
}

/** A scan of random bytes with a preview; the ids of the record and of both blobs, and the plain original. */
export async function addScan(station: Station, about: string, bytes: number, previewBytes = 400) {
  const plain = png(bytes)
  const { attachment } = expectOk(
    await addAttachment(station, {
      about,
      kind: 'scan',
      mediaType: 'image/png',
      bytes: plain,
      preview: png(previewBytes),
    }),
  )
  const { original, preview } = station.get(attachment)!.fields
  return { attachment, plain, original: String(original), preview: String(preview) }
}
