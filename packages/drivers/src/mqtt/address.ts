/** What a device is known by on a broker, in a form that stands on a device record: no spaces, at most 40 characters. */
import { createHash } from 'node:crypto'

const MAX = 40

export const isIeee = (text: string): boolean => /^0x[0-9a-fA-F]{16}$/.test(text)

/** Zigbee's in small letters; of others spaces become `-`, and the end of a long one its digest. */
export function addressOf(text: string): string {
  if (isIeee(text)) return text.toLowerCase()
  const plain = text.trim().replace(/\s+/gu, '-')
  if ([...plain].length <= MAX) return plain
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${[...plain].slice(0, MAX - 13).join('')}-${digest}`
}
