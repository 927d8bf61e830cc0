import { deriveKey } from '../crypto/seal.ts'
import { encodeRefs, keptRefs } from './kept-forms.ts'
import type { Sealer } from './sealer.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { Draft, KeyUse, PeerRow } from './store.ts'

/** Settings, drafts, and what is known of peers. */
export function sqliteSettings(db: SqliteConnection, sealer: Sealer) {
  return {
    setting: (name: string) => db.setting(name),
    putSetting: (name: string, value: Uint8Array) => db.putSetting(name, value),
    dropSetting: (name: string) => db.dropSetting(name),
    unlock: (key: Uint8Array) => sealer.unlock(key),
    wrapKey(wrap: (key: Uint8Array) => Uint8Array): Uint8Array {
      return wrap(sealer.key())
    },
    keyFor: (use: KeyUse) => deriveKey(sealer.key(), new Uint8Array(0), `doorstep/${use}/1`),
    peers(of?: string): PeerRow[] {
      const rows =
        of === undefined
          ? db.all('SELECT * FROM peer ORDER BY station, space')
          : db.all('SELECT * FROM peer WHERE station = ? ORDER BY space', of)
      return rows.map((row) => ({
        station: row.station as string,
        space: row.space as string,
        heads: keptRefs(row.heads as Uint8Array),
        digest: row.digest as string,
        equal: row.equal === 1,
        at: Number(row.at),
        via: row.via as PeerRow['via'],
        equalAt: row.equal_at === null ? null : Number(row.equal_at),
      }))
    },
    putPeer(peer: Omit<PeerRow, 'equalAt'>): void {
      db.run(
        'INSERT INTO peer VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station, space) DO UPDATE SET heads = excluded.heads, digest = excluded.digest, equal = excluded.equal, at = excluded.at, via = excluded.via, equal_at = coalesce(excluded.equal_at, equal_at)',
        peer.station,
        peer.space,
        encodeRefs(peer.heads),
        peer.digest,
        peer.equal ? 1 : 0,
        peer.at,
        peer.via,
        peer.equal ? peer.at : null,
      )
    },
    addresses() {
      return db.all('SELECT * FROM address ORDER BY at DESC').map((row) => ({
        station: row.station as string,
        address: row.address as string,
        at: Number(row.at),
      }))
    },
    putAddress(station: string, address: string, at: number): void {
      db.run(
        'INSERT INTO address VALUES (?, ?, ?) ON CONFLICT (station) DO UPDATE SET address = excluded.address, at = excluded.at',
        station,
        address,
        at,
      )
    },
    draft(id: string): Draft | null {
      const row = db.get('SELECT * FROM draft WHERE id = ?', id)
      if (!row) return null
      const text = sealer.open(row.sealed as Uint8Array, 'draft', id)
      return { id, at: Number(row.at), value: JSON.parse(text.toString('utf8')) as unknown }
    },
    draftIds(prefix: string): string[] {
      return db
        .all('SELECT id FROM draft WHERE substr(id, 1, length(?)) = ? ORDER BY id', prefix, prefix)
        .map((row) => row.id as string)
    },
    drafts(prefix: string): Draft[] {
      return this.draftIds(prefix).map((id) => this.draft(id)!)
    },
    putDraft(draft: Draft): void {
      const sealed = sealer.seal(Buffer.from(JSON.stringify(draft.value)), 'draft', draft.id)
      db.run(
        'INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at, sealed = excluded.sealed',
        draft.id,
        draft.at,
        sealed,
      )
    },
    dropDraft(id: string): void {
      db.run('DELETE FROM draft WHERE id = ?', id)
    },
  }
}
