/** Passwords of the broker's clients, as a configuration may hold them: scrypt, `scrypt$N$r$p$salt$hash` in base64url. */
import { createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** 16 MB and some 50 ms of a small machine: a stolen file is slow to guess from, a reconnecting bridge is not slow. */
const COST = { N: 16_384, r: 8, p: 1 }
const HASH_BYTES = 32
const FORM = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,64})\$([\w-]{43})$/

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

export const isPasswordHash = (text: string): boolean => costOf(text) !== null

/** Remembers what was right, keyed by a secret of this process, so that a thousand clients can come back at once. */
export function createPasswordCheck(): (stored: string, given: Uint8Array) => Promise<boolean> {
  const secret = randomBytes(32)
  const right = new Map<string, Buffer>()
  const digest = (given: Uint8Array) => createHmac('sha256', secret).update(given).digest()
  return async (stored, given) => {
    const known = right.get(stored)
    const mark = digest(given)
    if (known !== undefined && timingSafeEqual(known, mark)) return true
    const parts = costOf(stored)
    if (parts === null) return false
    const matches = timingSafeEqual(await derive(given, parts.salt, parts.cost), parts.hash)
    if (matches) right.set(stored, mark)
    return matches
  }
}

function costOf(stored: string): { cost: typeof COST; salt: Buffer; hash: Buffer } | null {
  const [, N, r, p, salt, hash] = FORM.exec(stored) ?? []
  if (salt === undefined || hash === undefined) return null
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const fits = cost.N >= 2 && (cost.N & (cost.N - 1)) === 0 && cost.r >= 1 && cost.p >= 1 && cost.p <= 4
  // More would let a configuration take the whole machine's memory.
  if (!fits || cost.N * cost.r > COST.N * COST.r * 16) return null
  return { cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}

function derive(password: string | Uint8Array, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
