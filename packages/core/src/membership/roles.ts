/** What a member may do, as data. Adding a role is adding a row. */
export const roles = {
  chief: { spaces: 'all', writes: true, acts: true, actions: 'all' },
  worker: {
    spaces: 'own',
    writes: true,
    acts: false,
    actions: [
      'introduce',
      'record.edit',
      'record.import',
      'visit.record',
      'visit.withdraw',
      'case.open',
      'case.step',
      'conflict.settle',
      'device.read',
      'record.reveal',
      'consent.give',
      'consent.withdraw',
      'person.copy',
      'bundle.write',
    ],
  },
  steward: {
    spaces: 'all',
    writes: true,
    acts: false,
    actions: ['introduce', 'device.read', 'quarantine.release', 'bundle.write'],
  },
  auditor: { spaces: 'all', writes: false, acts: false, actions: [] },
} as const satisfies Record<string, RoleRights>

export type Role = keyof typeof roles
export type RoleRights = {
  /** Which spaces the member reads, and writes if it writes: all of the community, or those it was given. */
  readonly spaces: 'all' | 'own'
  readonly writes: boolean
  /** May invite, grant, make spaces. */
  readonly acts: boolean
  readonly actions: 'all' | readonly string[]
}

export const isRole = (value: unknown): value is Role =>
  typeof value === 'string' && Object.hasOwn(roles, value)

export const mayAct = (role: Role, action: string): boolean => {
  const { actions }: RoleRights = roles[role]
  return actions === 'all' || actions.includes(action)
}
