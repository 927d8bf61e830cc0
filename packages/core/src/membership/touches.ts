import { type Role, type RoleRights, roles } from './roles.ts'

/** A record type, or one field, set or timeline of it: `case.steps`. */
type Touch = string

const REGISTER: readonly Touch[] = ['building', 'dwelling', 'household', 'person', 'residence', 'device']
/** What a community's chief alone decides; grids and desks are made by acts of their own. */
const COMMUNITY: readonly Touch[] = [
  'community',
  'grid',
  'member',
  'station',
  'policy',
  'calendar',
  'kind',
  'norm',
  'rule',
  'desk',
]

/**
 * What each action may write, as data: the gate knows from a role which actions there are, and from here what they
 * are for. Everybody is bound by it, so that an entry's action says truly what was done.
 */
export const touches = {
  'community.found': ['community', 'policy', 'member', 'station'],
  'grid.add': ['grid'],
  'desk.open': ['desk'],
  introduce: ['member', 'station'],
  'station.rescue': ['station.rescues'],
  'record.edit': [...REGISTER, 'case'],
  'record.import': REGISTER,
  'record.reveal': ['reveal'],
  'record.erase': ['erasure'],
  'household.move': [
    ...REGISTER,
    ...['alarm', 'case', 'visit', 'attachment', 'consent', 'diary', 'errand', 'leave', 'merge', 'review'],
  ],
  'person.add': ['person', 'residence'],
  'record.merge': ['merge'],
  'household.add': ['building', 'dwelling', 'household'],
  'residence.change': ['residence', 'person.diedOn'],
  /** With what its form gives back to the register, and the photos in it. */
  'visit.record': ['visit', 'case', 'attachment', 'household', 'person', 'dwelling'],
  'visit.withdraw': ['visit.withdrawn'],
  'diary.add': ['diary'],
  'diary.tick': ['diary.ticks'],
  'errand.open': ['errand'],
  'errand.step': ['errand.steps'],
  'sweep.open': ['sweep'],
  'sweep.close': ['sweep.steps'],
  'claim.take': ['claim.building', 'claim.sweep', 'claim.week', 'claim.takes'],
  'claim.release': ['claim.releases'],
  /** To somebody else: chiefs only. */
  'claim.give': ['claim.building', 'claim.sweep', 'claim.week', 'claim.gives'],
  /** Of somebody else's claims: chiefs only. */
  'claim.clear': ['claim.clears'],
  'attachment.add': ['attachment'],
  'case.open': ['case'],
  'case.step': ['case.steps', 'dispatch.orders'],
  /** What the second level decides: chiefs only. */
  'case.decide': ['case.decisions', 'dispatch.orders'],
  'case.dispatch': ['case.steps', 'dispatch', 'reveal'],
  'dispatch.report': ['dispatch.reports'],
  'leave.note': ['leave'],
  /** Other limits for one device, learned or because an alarm was false. */
  'device.adjust': ['device.watch'],
  'consent.give': ['consent'],
  'consent.withdraw': ['consent'],
  'device.read': ['device.daily', 'device.erased'],
  'conflict.settle': [...REGISTER, 'case', 'visit', 'leave'],
  /** A gateway's finding, and the case it opens or joins. */
  'alarm.raise': [
    ...['alarm.device', 'alarm.dwelling', 'alarm.household', 'alarm.rule', 'alarm.sinceMs', 'alarm.signals'],
    ...['case.household', 'case.kind', 'case.title', 'case.grade', 'case.source', 'case.steps'],
  ],
  'alarm.answer': ['alarm.answers', 'case.steps'],
  /** What residents and workers say of a device in a quarter. */
  'device.review': ['review.device', 'review.quarter', 'review.says'],
  /** What is done with it: chiefs only. */
  'device.decide': ['review.device', 'review.quarter', 'review.decisions'],
  'person.copy': ['export'],
  'bundle.write': ['export'],
  'table.write': ['export'],
  /** A table with the text behind the masks. */
  'table.unmask': ['export'],
  'report.write': ['export'],
  /** A chief's: everybody fills in the same. */
  'template.add': ['template'],
  'paper.print': ['export'],
  'form.add': ['form', 'piece'],
  'form.offer': ['form.offers'],
  'quarantine.release': [],
  'checkpoint.make': [],
} as const satisfies Readonly<Record<string, readonly Touch[]>>

/** What somebody did, as an entry says it. */
export type Action = keyof typeof touches

export const isKnownAction = (action: string): action is Action => Object.hasOwn(touches, action)

/** What a chief's corrections reach besides. */
const BY_CHIEFS: Readonly<Record<string, readonly Touch[]>> = {
  'record.edit': COMMUNITY,
  'conflict.settle': COMMUNITY,
}

/** Where a record is kept is said by moving it, and by nothing else. */
const MOVING = new Set(['moves', 'past'])
/** What a chief decided is said by deciding it, whatever else may write the record. */
const DECIDED: Readonly<Record<string, string>> = {
  'case.decisions': 'case.decide',
  'review.decisions': 'device.decide',
}
const DECIDED_NAMES = new Set(Object.keys(DECIDED).map((place) => place.split('.')[1]!))

/**
 * Whether an action of this role may write these fields, sets and timelines of a record type. An action that no row
 * knows writes nothing, but a chief's: it may come from a later version.
 */
export function mayTouch(role: Role, action: string, type: string, names: Iterable<string>): boolean {
  const rights: RoleRights = roles[role]
  const row: readonly Touch[] | null = isKnownAction(action) ? touches[action] : null
  if (row === null) return rights.actions === 'all'
  const allowed = rights.acts && Object.hasOwn(BY_CHIEFS, action) ? [...row, ...BY_CHIEFS[action]!] : row
  const whole = allowed.includes(type)
  for (const name of names) {
    if (MOVING.has(name) && action !== 'household.move') return false
    if (DECIDED_NAMES.has(name) && (DECIDED[`${type}.${name}`] ?? action) !== action) return false
    if (!whole && !allowed.includes(`${type}.${name}`)) return false
  }
  return whole || allowed.some((touch) => touch.startsWith(`${type}.`))
}
