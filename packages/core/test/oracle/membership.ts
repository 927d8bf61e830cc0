// Membership: which acts are valid (A2), which count (A5), and what they say together (A4, A6).
import { isBelow, leastRole, needOf, readsKind } from './rights.ts'
import { createSeniority } from './seniority.ts'
import type { OracleAct, Role } from './shape.ts'

/** Membership as a set of known acts resolves it. */
export type MembershipResolution = {
  /** Known, with the whole past known, and valid: what an honest station takes as the past of its next act. */
  readonly ready: ReadonlySet<string>
  readonly effective: ReadonlySet<string>
  /** Stations, each by the act that added it. */
  readonly standing: ReadonlySet<string>
  /** A13: for each frozen log, the first sequence that is barred. */
  readonly frozen: ReadonlyMap<string, number>
  /** Null for who was never added, or is removed. */
  role(member: string): Role | null
  /** Whether the space is given to the member, whatever its role reads. Nothing is given to who has no role. */
  has(member: string, space: string): boolean
  reads(member: string, space: string): boolean
  /** The effective acts that ended the station. */
  endings(station: string): readonly OracleAct[]
}

export type Membership = {
  add(act: OracleAct): void
  memberOf(station: string): string
  valid(id: string): boolean
  resolve(known: ReadonlySet<string>): MembershipResolution
}

export type BrokenMembership = {
  /** A4: any chief removes any; of two who remove each other the senior wins. */
  readonly seniority?: 'mutual'
}

export function createMembership(broken: BrokenMembership): Membership {
  const actsById = new Map<string, OracleAct>()
  const place = new Map<string, number>()
  const validActs = new Map<string, boolean>()
  const resolutions = new Map<string, MembershipResolution>()

  function add(act: OracleAct): void {
    if (act.body.type === 'genesis')
      for (const { id, body } of actsById.values())
        if (body.type === 'genesis' && id !== act.id) throw new Error('a history has one genesis')
    if (!place.has(act.id)) place.set(act.id, place.size)
    actsById.set(act.id, act)
  }

  function actById(id: string): OracleAct {
    const act = actsById.get(id)
    if (act === undefined) throw new Error(`the history lacks act ${id}`)
    return act
  }

  const { memberOf, isSeniorMember, isSeniorStation } = createSeniority(actById)
  const isMember = (id: string) => ['genesis', 'member'].includes(actById(id).body.type)
  const isStation = (id: string) => isMember(id) || actById(id).body.type === 'station'
  const isSpace = (id: string) => actById(id).body.type === 'space'
  const memberBehind = (act: OracleAct) => memberOf(act.by!)
  const needBehind = (act: OracleAct) => needOf(act, memberOf)

  // A2

  function valid(id: string): boolean {
    const known = validActs.get(id)
    if (known !== undefined) return known
    const answer = judge(actById(id))
    validActs.set(id, answer)
    return answer
  }

  function judge(act: OracleAct): boolean {
    if (act.body.type === 'genesis') return act.by === null && act.past.size === 0
    if (act.by === null || !act.past.has(act.by) || !isStation(act.by)) return false
    for (const id of act.past) if (!valid(id)) return false
    if (!namesOnlyItsPast(act)) return false
    if (act.body.type === 'freeze') return true
    const before = resolve(act.past)
    if (!before.standing.has(act.by) || !isSeniorToAllItNames(act)) return false
    const need = needBehind(act)
    if (need.type === 'chief') return before.role(memberBehind(act)) === 'chief'
    return need.type !== 'reading' || before.reads(memberBehind(act), need.space)
  }

  /** Members, stations, spaces and acts can be named only by who has them in the past. */
  function namesOnlyItsPast({ body, past }: OracleAct): boolean {
    const knows = (id: string, isOne: (id: string) => boolean) => past.has(id) && isOne(id)
    switch (body.type) {
      case 'genesis':
      case 'space':
      case 'leave':
      case 'freeze':
        return true
      case 'member':
        return body.spaces.every((space) => knows(space, isSpace))
      case 'station':
        return knows(body.member, isMember)
      case 'remove':
        return knows(body.target, isMember)
      case 'remove-station':
        return knows(body.target, isStation)
      case 'assign':
        return (
          body.roles.every(([member]) => knows(member, isMember)) &&
          body.spaces.every(([member, space]) => knows(member, isMember) && knows(space, isSpace))
        )
      case 'ratify':
        return past.has(body.act)
      case 'generation':
      case 'box':
        return knows(body.space, isSpace)
    }
  }

  /** A4. Nobody is senior to oneself, so nobody removes, assigns to or ratifies oneself. */
  function isSeniorToAllItNames(act: OracleAct): boolean {
    const { body } = act
    const author = memberBehind(act)
    switch (body.type) {
      case 'station':
        return body.member === author || isSeniorMember(author, body.member)
      case 'remove':
        if (broken.seniority === 'mutual') return body.target !== author
        return isSeniorMember(author, body.target)
      case 'remove-station':
        return isSeniorStation(act.by!, body.target)
      case 'assign':
        return [...body.roles, ...body.spaces].every(([member]) => isSeniorMember(author, member))
      case 'ratify': {
        const ratified = actById(body.act)
        return ratified.by !== null && isSeniorMember(author, memberBehind(ratified))
      }
      default:
        return true
    }
  }

  // A5, A6

  /** A refused act is nobody's past. */
  function readyOf(known: ReadonlySet<string>): OracleAct[] {
    const ready: OracleAct[] = []
    for (const id of known) {
      const act = actsById.get(id)
      if (act !== undefined && isWithin(act.past, known) && valid(id)) ready.push(act)
    }
    return ready.sort((a, b) => place.get(a.id)! - place.get(b.id)!)
  }

  function resolve(known: ReadonlySet<string>): MembershipResolution {
    const ready = readyOf(known)
    const key = ready.map(({ id }) => place.get(id)).join()
    const resolution = resolutions.get(key) ?? resolveReady(ready)
    resolutions.set(key, resolution)
    return resolution
  }

  function resolveReady(ready: readonly OracleAct[]): MembershipResolution {
    const readyIds = new Set(ready.map(({ id }) => id))
    const takings = ready.filter(({ body }) => ['remove', 'remove-station', 'assign'].includes(body.type))
    const answers = new Map<string, boolean>()
    const asked = new Set<string>()

    function isEffective(act: OracleAct): boolean {
      const answer = answers.get(act.id)
      if (answer !== undefined) return answer
      if (asked.has(act.id)) {
        if (broken.seniority === 'mutual') return false
        throw new Error(`whether act ${act.id} is effective depends on itself`)
      }
      asked.add(act.id)
      const found = decide(act)
      asked.delete(act.id)
      answers.set(act.id, found)
      return found
    }
    const isInEffect = (id: string) => readyIds.has(id) && isEffective(actById(id))

    function decide(act: OracleAct): boolean {
      if (act.body.type === 'genesis' || act.body.type === 'freeze') return true
      for (const { id, body } of ready)
        if (body.type === 'ratify' && body.act === act.id && isInEffect(id)) return true
      const station = act.by!
      const author = memberOf(station)
      if (!isInEffect(station) || !isInEffect(author)) return false
      for (const other of ready)
        if (act.past.has(other.id) && ends(other, station) && isEffective(other)) return false
      const need = needBehind(act)
      if (need.type === 'chief' && roleIn(author, act.past) !== 'chief') return false
      if (need.type === 'reading' && !readsIn(author, need.space, act.past)) return false
      for (const other of takings) {
        if (!isConcurrent(act, other) || !takesFrom(other, act)) continue
        if (broken.seniority === 'mutual' && takings.includes(act) && takesFrom(act, other))
          if (isSeniorMember(author, memberBehind(other))) continue
        if (isEffective(other)) return false
      }
      return true
    }

    /** Does `other`, by itself, take from the author of `act` what that act needs? A leave takes nothing. */
    function takesFrom(other: OracleAct, act: OracleAct): boolean {
      const { body } = other
      const author = memberBehind(act)
      if (body.type === 'remove' || body.type === 'remove-station') return ends(other, act.by!)
      if (body.type !== 'assign') return false
      const roles = body.roles.filter(([member]) => member === author).map(([, role]) => role)
      const need = needBehind(act)
      if (need.type === 'chief') return roles.some((role) => isBelow(role, 'chief'))
      if (need.type !== 'reading') return false
      // Its facts about the author in place of those that the act had in its past: is the space still readable?
      const [first = roleIn(author, act.past), ...rest] = roles
      const gifts = body.spaces.filter(([member, space]) => member === author && space === need.space)
      const given = gifts.length ? gifts.every(([, , has]) => has) : hasIn(author, need.space, act.past)
      return !readsKind(leastRole([first, ...rest]), kindOf(need.space), given)
    }

    /** The facts of effective acts in `set` that no other of them has in its past; undefined if there are none. */
    function latest<Value>(
      set: ReadonlySet<string>,
      factsOf: (act: OracleAct) => readonly Value[],
    ): [Value, ...Value[]] | undefined {
      const acts = takings.filter((act) => set.has(act.id) && factsOf(act).length && isEffective(act))
      const last = acts.filter(({ id }) => !acts.some(({ past }) => past.has(id)))
      const [first, ...rest] = last.flatMap(factsOf)
      return first === undefined ? undefined : [first, ...rest]
    }

    function roleIn(member: string, set: ReadonlySet<string>): Role {
      const roles = latest(set, ({ body }) =>
        body.type === 'assign' ? body.roles.filter(([who]) => who === member).map(([, role]) => role) : [],
      )
      if (roles !== undefined) return leastRole(roles)
      const { body } = actById(member)
      return body.type === 'member' ? body.role : 'chief'
    }

    function hasIn(member: string, space: string, set: ReadonlySet<string>): boolean {
      const gifts = latest(set, ({ body }) =>
        body.type === 'assign'
          ? body.spaces.filter(([who, what]) => who === member && what === space).map(([, , has]) => has)
          : [],
      )
      if (gifts !== undefined) return gifts.every((has) => has)
      const { body } = actById(member)
      return body.type === 'member' && body.spaces.includes(space)
    }

    /** A space stays when its maker is voided: people have written in it. */
    const isThere = (space: string, set: ReadonlySet<string>) =>
      set.has(space) && readyIds.has(space) && isSpace(space)
    const readsIn = (member: string, space: string, set: ReadonlySet<string>) =>
      isThere(space, set) && readsKind(roleIn(member, set), kindOf(space), hasIn(member, space, set))

    const effective = new Set(ready.filter(isEffective).map(({ id }) => id))
    const counting = ready.filter(({ id }) => effective.has(id))

    function role(member: string): Role | null {
      if (!effective.has(member) || !isMember(member)) return null
      if (counting.some(({ body }) => body.type === 'remove' && body.target === member)) return null
      return roleIn(member, readyIds)
    }
    const has = (member: string, space: string) =>
      role(member) !== null && isThere(space, readyIds) && hasIn(member, space, readyIds)

    const standing = new Set<string>()
    for (const { id } of counting)
      if (isStation(id) && role(memberOf(id)) !== null && !counting.some((act) => ends(act, id)))
        standing.add(id)

    const frozen = new Map<string, number>()
    for (const { body } of counting)
      if (body.type === 'freeze') frozen.set(body.log, Math.min(body.seq, frozen.get(body.log) ?? body.seq))

    return {
      ready: readyIds,
      effective,
      standing,
      frozen,
      role,
      has,
      reads(member, space) {
        const its = role(member)
        return its !== null && isThere(space, readyIds) && readsKind(its, kindOf(space), has(member, space))
      },
      endings: (station) => counting.filter((act) => ends(act, station)),
    }
  }

  /** Does this act, if it counts, end the station? */
  function ends({ by, body }: OracleAct, station: string): boolean {
    if (body.type === 'remove') return body.target === memberOf(station)
    if (body.type === 'remove-station') return body.target === station
    return body.type === 'leave' && by === station
  }

  function kindOf(space: string) {
    const { body } = actById(space)
    if (body.type !== 'space') throw new Error(`act ${space} names no space`)
    return body.kind
  }

  return { add, memberOf, valid, resolve }
}

function isConcurrent(a: OracleAct, b: OracleAct): boolean {
  return a.id !== b.id && !a.past.has(b.id) && !b.past.has(a.id)
}

export function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const id of part) if (!whole.has(id)) return false
  return true
}
