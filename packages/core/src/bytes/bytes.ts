/** Byte strings as map keys and on screens. */
export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

export const fromHex = (hex: string): Uint8Array => {
  const buffer = Buffer.from(hex, 'hex')
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b)
