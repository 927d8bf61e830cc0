// Who may do what: one small function for each rule.
import { type EntryKind, type OracleAct, ROLES, type Role, type SpaceKind } from './shape.ts'

export function isBelow(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(other)
}

/** A6: of several, the one that gives less. */
export function leastRole(roles: readonly [Role, ...Role[]]): Role {
  return roles.reduce((least, role) => (isBelow(role, least) ? role : least))
}

/** `given`: whether the member has this space, by the list of its invitation or by a later assignment. */
export function readsKind(role: Role, kind: SpaceKind, given: boolean): boolean {
  switch (role) {
    case 'chief':
    case 'steward':
    case 'auditor':
      return true
    case 'worker':
      return kind === 'community' || given
    case 'partner':
    case 'volunteer':
      return kind === 'desk' && given
    case 'relay':
      return false
  }
}

/** A10: whoever stands may stand by what it accepted, also in a space that it lost meanwhile. */
export function mayWrite(kind: EntryKind, role: Role, reads: boolean): boolean {
  switch (kind) {
    case 'data':
      return reads && role !== 'auditor' && role !== 'relay'
    case 'stand-by':
      return true
    case 'release':
    case 'checkpoint':
      return role === 'steward' || role === 'chief'
  }
}

/** What the author of an act needs, besides seniority over whom it names. */
export type Need =
  | { readonly type: 'nothing' }
  | { readonly type: 'standing' }
  | { readonly type: 'reading'; readonly space: string }
  | { readonly type: 'chief' }

/** `memberOf`: the member of a station, both by the acts that added them. */
export function needOf(act: OracleAct, memberOf: (station: string) => string): Need {
  const { body, by } = act
  if (by === null) return { type: 'nothing' }
  switch (body.type) {
    case 'genesis':
    case 'freeze':
      return { type: 'nothing' }
    case 'leave':
      return { type: 'standing' }
    case 'station':
      return { type: body.member === memberOf(by) ? 'standing' : 'chief' }
    case 'remove-station':
      return { type: memberOf(body.target) === memberOf(by) ? 'standing' : 'chief' }
    case 'generation':
    case 'box':
      return { type: 'reading', space: body.space }
    case 'member':
    case 'space':
    case 'assign':
    case 'ratify':
    case 'remove':
      return { type: 'chief' }
  }
}
