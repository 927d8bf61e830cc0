import { createHmac } from 'node:crypto'
import { deriveKey } from '../crypto/seal.ts'
import type { Station } from '../station/station.ts'
import type { ImportableType } from './record-links.ts'
import type { Register, RegisterRecord } from './register.ts'

/** Records whose natural key is something personal: an identity number, a name. A household's is its door. */
const PERSONAL: ReadonlySet<ImportableType> = new Set(['person', 'residence'])

/**
 * The key that blinds natural keys, the same on every station that reads the community's space: ids lie in the clear
 * on disk, and an unkeyed hash of an identity number is found by trying all of them.
 */
export function blindingKey(station: Station): Uint8Array | null {
  const space = station.communitySpace()
  const { acts, keyring } = station.trunk
  // The first generation of the space: every reader is given it with the later ones.
  const [first] = acts
    .now()
    .generations.filter((generation) => generation.space === space)
    .sort((a, b) => a.act.pastCount - b.act.pastCount || (a.act.hash < b.act.hash ? -1 : 1))
  const secret = first && keyring.secretOf(first)
  return secret ? deriveKey(secret, Buffer.from(station.identity.community), 'doorstep/import/1') : null
}

/** The register with each personal natural key replaced by its HMAC-SHA256; what is equal stays equal. */
export function blindKeys(register: Register, key: Uint8Array): Register {
  const done = new Map<RegisterRecord, RegisterRecord>()
  const blind = (record: RegisterRecord): RegisterRecord => {
    const known = done.get(record)
    if (known) return known
    const links: Record<string, RegisterRecord | null> = {}
    for (const [field, target] of Object.entries(record.links)) links[field] = target && blind(target)
    const blinded = {
      ...record,
      key: PERSONAL.has(record.type) ? [hmac(key, [record.type, ...record.key])] : record.key,
      links,
    }
    done.set(record, blinded)
    return blinded
  }
  const buildings = register.buildings.map((building) => ({
    ...building,
    record: blind(building.record),
    records: building.records.map(blind),
  }))
  return { ...register, buildings }
}

const hmac = (key: Uint8Array, words: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(words)).digest('hex')
