/**
 * What a member may do, as data. Adding a role is adding a row. `rank` orders roles by how much they give: of two
 * concurrent acts about a member the one that gives less holds (A6), so no two ranks are the same.
 */
export const roles = {
  chief: {
    rank: 6,
    holds: 'all',
    reads: 'all',
    kinds: 'all',
    writes: true,
    acts: true,
    erases: true,
    carries: false,
    actions: 'all',
  },
  /** A gateway that reads meters and alarms, and the desk that keeps the archive. */
  steward: {
    rank: 5,
    holds: 'all',
    reads: 'all',
    kinds: 'all',
    writes: true,
    acts: false,
    erases: true,
    carries: false,
    actions: [
      'introduce',
      'device.read',
      'alarm.raise',
      'leave.note',
      'device.adjust',
      'quarantine.release',
      'checkpoint.make',
      'record.erase',
      'bundle.write',
      'table.write',
      'report.write',
      'paper.print',
    ],
  },
  worker: {
    rank: 4,
    holds: 'own',
    reads: 'own',
    kinds: ['community', 'grid', 'desk'],
    writes: true,
    acts: false,
    erases: false,
    carries: true,
    actions: [
      'introduce',
      'record.edit',
      'record.import',
      'record.reveal',
      'person.add',
      'household.add',
      'record.merge',
      'residence.change',
      'household.move',
      'visit.record',
      'visit.withdraw',
      'diary.add',
      'diary.tick',
      'errand.open',
      'errand.step',
      'sweep.open',
      'sweep.close',
      'claim.take',
      'claim.release',
      'attachment.add',
      'case.open',
      'case.step',
      'case.dispatch',
      'consent.give',
      'consent.withdraw',
      'conflict.settle',
      'device.read',
      'device.review',
      'alarm.answer',
      'leave.note',
      'device.adjust',
      'person.copy',
      'bundle.write',
      'table.write',
      'report.write',
      'paper.print',
    ],
  },
  /** A firm or a department: only what was dispatched to its desk. */
  partner: {
    rank: 3,
    holds: 'own',
    reads: 'own',
    kinds: ['desk'],
    writes: true,
    acts: false,
    erases: false,
    carries: false,
    actions: ['dispatch.report'],
  },
  /** A neighbour who helps: tasks, not files. */
  volunteer: {
    rank: 2,
    holds: 'own',
    reads: 'own',
    kinds: ['desk'],
    writes: true,
    acts: false,
    erases: false,
    carries: false,
    actions: ['dispatch.report'],
  },
  auditor: {
    rank: 1,
    holds: 'all',
    reads: 'all',
    kinds: 'all',
    writes: false,
    acts: false,
    erases: false,
    carries: false,
    actions: [],
  },
  /** A blind gateway: keeps and forwards what it cannot open. */
  relay: {
    rank: 0,
    holds: 'all',
    reads: 'none',
    kinds: 'all',
    writes: false,
    acts: false,
    erases: false,
    carries: false,
    actions: [],
  },
} as const satisfies Record<string, RoleRights>

export type SpaceKind = 'community' | 'grid' | 'desk'
export type Role = keyof typeof roles
export type RoleRights = {
  readonly rank: number
  /** Which spaces' sealed entries its stations keep and pass on. */
  readonly holds: 'all' | 'own'
  /** Which of those it gets the keys of: `own` is what it was given, and the community's own space. */
  readonly reads: 'all' | 'own' | 'none'
  readonly kinds: 'all' | readonly SpaceKind[]
  readonly writes: boolean
  /** May invite, remove, hand over, make spaces. */
  readonly acts: boolean
  /** May erase records for good (A19): judged also by stations that cannot read what it says. */
  readonly erases: boolean
  /** Whether its stations may carry sealed segments of spaces they do not hold: not those who work at a desk alone. */
  readonly carries: boolean
  readonly actions: 'all' | readonly string[]
}

export const isRole = (value: unknown): value is Role =>
  typeof value === 'string' && Object.hasOwn(roles, value)

export const mayAct = (role: Role, action: string): boolean => {
  const { actions }: RoleRights = roles[role]
  return actions === 'all' || actions.includes(action)
}

export const leastRole = (given: readonly Role[]): Role =>
  given.reduce((least, role) => (roles[role].rank < roles[least].rank ? role : least))

/** Whether a role reads a space of this kind, when it has or has not been given it. */
export function roleReads(role: Role, kind: SpaceKind, isGiven: boolean): boolean {
  const rights: RoleRights = roles[role]
  if (rights.reads === 'none') return false
  if (rights.reads === 'all') return true
  return rights.kinds !== 'all' && rights.kinds.includes(kind) && (kind === 'community' || isGiven)
}

/** Whether stations of a role keep a space's sealed entries. */
export const roleHolds = (role: Role, kind: SpaceKind, isGiven: boolean): boolean =>
  roles[role].holds === 'all' || roleReads(role, kind, isGiven)

/** Whether what is given of a grid gives its desks too: not to partners and volunteers, who work at one of them. */
export function roleCoversDesks(role: Role): boolean {
  const { kinds }: RoleRights = roles[role]
  return kinds === 'all' || kinds.includes('grid')
}
