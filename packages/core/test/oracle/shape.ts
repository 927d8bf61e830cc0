// The plain input of the oracle: what a history is, with nothing of the product in it. Every id is a hash, or
// anything else that is unique and that strings compare.

/** In order of rank, least first. */
export const ROLES = ['relay', 'auditor', 'volunteer', 'partner', 'worker', 'steward', 'chief'] as const
export type Role = (typeof ROLES)[number]

export type SpaceKind = 'community' | 'grid' | 'desk'

export type OracleBody =
  /** The root member with its first station, a chief at depth 0; both are named by this act's id. */
  | { readonly type: 'genesis' }
  /** Adds a member with its first station; both are named by this act's id. */
  | { readonly type: 'member'; readonly role: Role; readonly spaces: readonly string[] }
  /** Adds a station, named by this act's id, to the member whom act `member` added. */
  | { readonly type: 'station'; readonly member: string }
  /** Names a space by this act's id. */
  | { readonly type: 'space'; readonly kind: SpaceKind }
  /** `target` is a member; `cut` names data entries, each standing for itself and all before it in its log. */
  | { readonly type: 'remove'; readonly target: string; readonly cut: readonly string[] }
  /** `target` is the act that added the station. */
  | { readonly type: 'remove-station'; readonly target: string; readonly cut: readonly string[] }
  /** The author's own station ends itself. */
  | { readonly type: 'leave'; readonly cut: readonly string[] }
  | {
      readonly type: 'assign'
      readonly roles: readonly (readonly [member: string, role: Role])[]
      readonly spaces: readonly (readonly [member: string, space: string, has: boolean])[]
    }
  | { readonly type: 'ratify'; readonly act: string }
  | { readonly type: 'generation'; readonly space: string }
  | { readonly type: 'box'; readonly space: string }
  /** Already proven by two headers. */
  | { readonly type: 'freeze'; readonly log: string; readonly seq: number }

export type OracleAct = {
  readonly id: string
  /** The act that added the author's station: a genesis, member or station act. Null for the genesis. */
  readonly by: string | null
  /** All acts in its past, transitively closed. */
  readonly past: ReadonlySet<string>
  /** Its sequence in its log: what A4 compares on each step of a path. */
  readonly seq: number
  readonly body: OracleBody
}

export type EntryKind = 'data' | 'stand-by' | 'release' | 'checkpoint'

export type OracleEntry = {
  readonly id: string
  /** The act that added its author's station. */
  readonly by: string
  readonly log: string
  readonly space: string
  readonly seq: number
  readonly prev: string | null
  /** Entries it names; their pasts need not be listed, but may be. */
  readonly deps: ReadonlySet<string>
  /** All acts in its past, transitively closed. */
  readonly acts: ReadonlySet<string>
  readonly kind: EntryKind
}
