/**
 * A4: seniority is the tree of invitations, fixed at the invitation: smaller depth first, then the sequence of the
 * inviting act on each step from the root, then the hash of the act. Removals never form a circle.
 */
export type MemberRank = {
  readonly depth: number
  readonly path: readonly number[]
  readonly hash: string
}

/** The founding key's. */
export const ROOT_RANK: MemberRank = { depth: 0, path: [0], hash: '' }

export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) if (a[at] !== b[at]) return a[at]! - b[at]!
  return a.length - b.length
}

/** Negative when `a` is senior to `b`. */
export function compareRanks(a: MemberRank, b: MemberRank): number {
  if (a.depth !== b.depth) return a.depth - b.depth
  const path = compareNumbers(a.path, b.path)
  if (path !== 0) return path
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0
}
