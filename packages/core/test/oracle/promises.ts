// What must be true of every history once everything has been delivered everywhere:
//
// P1 honest standing stations agree, whatever the order in which things came to them
// P2 a standing station never loses an accepted entry
// P3 what is accepted stands on nothing but what is accepted
// P4 an act about X changes nothing about Y, but for acts of those whose power it takes; a void act changes nothing
// P5 what a removed station wrote beyond every cut is in only because somebody carried it
// P6 what an honest station wrote is valid, and accepted as long as that station stands
// P7 of two concurrent acts about one fact, the one that gives less holds
// P9 what a release names is accepted
// P11 a removed station changes nobody's membership, however it dates its acts
import { createDice } from './dice.ts'
import type { Resolution } from './oracle.ts'
import { type OracleAct, type OracleBody, ROLES, type Role } from './shape.ts'
import type { World } from './simulate.ts'
import type { Failure } from './stations.ts'

/** How much of what is interesting a history held. */
export type Census = Record<
  'held' | 'carried' | 'voided' | 'frozen' | 'standBys' | 'released' | 'ratified' | 'left',
  number
>

type End = World & {
  readonly acts: ReadonlySet<string>
  readonly entries: ReadonlySet<string>
  readonly now: Resolution
  readonly accepted: ReadonlySet<string>
  readonly fail: (promise: string, why: string) => void
}

export function checkPromises(world: World, seed: number): { failures: Failure[]; census: Census } {
  const { history, stations } = world
  const failures = [...world.failures]
  const acts = new Set([...stations.values()].flatMap((station) => [...station.acts]))
  const entries = new Set([...stations.values()].flatMap((station) => [...station.entries]))
  const end: End = {
    ...world,
    acts,
    entries,
    now: history.oracle.resolve(acts),
    accepted: history.oracle.accepted(acts, entries),
    fail: (promise, why) => failures.push({ promise, why }),
  }
  everybodyAgrees(end)
  anyOrderOfArrivalAgrees(end, seed)
  acceptedIsClosed(end)
  nothingComesInUncarried(end)
  nobodysHonestWorkIsHeld(end)
  anActChangesOnlyWhomItNames(end)
  theStricterOfTwoWins(end)
  releasesRelease(end)
  theRemovedChangeNothing(end, seed)
  return { failures, census: countAll(end) }
}

/** P1 */
function everybodyAgrees({ stations, acts, entries, now, accepted, fail }: End): void {
  for (const { id, honest, ...station } of stations.values()) {
    if (!honest || !now.standing.has(id)) continue
    if (station.acts.size !== acts.size || station.entries.size !== entries.size)
      fail('P1', `${id} lacks something`)
    else if (!isSame(station.accepted, accepted)) fail('P1', `${id} accepted other entries`)
  }
}

/** P1, for an admission that takes one thing after the other and never looks at the whole. */
function anyOrderOfArrivalAgrees({ history, acts, entries, accepted, fail }: End, seed: number): void {
  const { oracle } = history
  const dice = createDice(seed * 7 + 3)
  for (let order = 0; order < 2; order++) {
    const known = new Set<string>()
    const here = new Set<string>()
    const parked = new Set<string>()
    let counting = new Set<string>()
    let barsBefore = ''
    const take = (id: string) => {
      const isHere = [...oracle.pastOf(id)].every((one) => here.has(one))
      const { ready } = oracle.resolve(known)
      if (!isHere || ![...history.entries.get(id)!.acts].every((act) => ready.has(act))) return parked.add(id)
      parked.delete(id)
      if (oracle.validEntry(id) && !oracle.barred(id, known))
        for (const one of [id, ...oracle.pastOf(id)]) counting.add(one)
    }
    for (const id of dice.shuffled([...acts, ...entries])) {
      if (entries.has(id)) {
        here.add(id)
        take(id)
      } else {
        known.add(id)
        const { standing, frozen, cutOf } = oracle.resolve(known)
        const cuts = [...new Set([...history.entries.values()].map(({ by }) => by))].map((by) => [
          ...cutOf(by),
        ])
        const bars = JSON.stringify([[...standing], [...frozen], cuts])
        if (bars !== barsBefore) {
          counting = new Set()
          for (const one of here) take(one)
        }
        barsBefore = bars
      }
      for (const one of [...parked]) take(one)
    }
    if (!isSame(counting, accepted)) fail('P1', `an order of arrival ends with other entries`)
  }
}

/** P3 */
function acceptedIsClosed({ history, accepted, fail }: End): void {
  for (const id of accepted)
    for (const before of history.oracle.pastOf(id))
      if (!accepted.has(before)) fail('P3', `${id} is accepted without ${before}`)
}

/** P5. Somebody who had not heard, or a release, or a stand-by; never a second removal. */
function nothingComesInUncarried({ history, stations, honestEntries, acts, now, accepted, fail }: End): void {
  const { oracle } = history
  const all = [...accepted].map((id) => history.entries.get(id)!)
  const isHonest = (station: string | null) => station !== null && stations.get(station)?.honest === true
  for (const entry of all) {
    const { id, by, log } = entry
    const over = all.filter((one) => oracle.pastOf(one.id).has(id))
    const endings = now.endings(by)
    const cuts = endings.filter((act) => isWithinCut(act, id))
    const carrier = over.find((one) => one.log !== log && !oracle.barred(one.id, acts))
    if (oracle.barred(id, acts) && !cuts.length && carrier === undefined)
      fail('P5', `${id} is in without a carrier`)
    if (!endings.length) continue
    const uninformed = over.some((one) => {
      const then = oracle.resolve(one.acts)
      const letStand = then.endings(by).some((act) => isWithinCut(act, id))
      return one.by !== by && (then.standing.has(by) || letStand)
    })
    const decided = over.some(
      (one) => one.kind === 'release' || one.kind === 'stand-by' || !honestEntries.has(one.id),
    )
    if (!cuts.length && !uninformed && !decided)
      fail('P5', `${id} of removed ${by} is in: no cut, no colleague who had not heard, no release`)
    const untouched = ![...history.entries.keys()].some((one) => oracle.pastOf(one).has(id))
    const isSecondThought = (act: OracleAct) =>
      endings.some((first) => act.past.has(first.id) && !isWithinCut(first, id))
    if (cuts.length && cuts.every((act) => isHonest(act.by) && isSecondThought(act)) && untouched)
      fail('P5', `${id} of removed ${by} was let in by a second removal`)
  }

  function isWithinCut({ body }: OracleAct, id: string): boolean {
    return 'cut' in body && body.cut.some((named) => named === id || oracle.pastOf(named).has(id))
  }
}

/** P6 */
function nobodysHonestWorkIsHeld(end: End): void {
  const { history, stations, honestEntries, acts, entries, now, accepted, fail } = end
  for (const id of honestEntries) {
    const { by } = history.entries.get(id)!
    if (!stations.get(by)!.honest || !now.standing.has(by)) continue
    if (entries.has(id) && history.oracle.complete(id, acts, entries) && !accepted.has(id))
      fail('P6', `${id} of honest ${by}, who stands, is held`)
  }
}

/** Acts that no other has in its past. */
function lastActs({ history, now }: End): OracleAct[] {
  const ready = [...now.ready].map((id) => history.acts.get(id)!)
  return ready.filter(({ id, by }) => by !== null && !ready.some(({ past }) => past.has(id)))
}

function without({ history, now }: End, act: OracleAct): Resolution {
  const rest = new Set(now.ready)
  rest.delete(act.id)
  return history.oracle.resolve(rest)
}

/** P4, by membership with and without each last act. */
function anActChangesOnlyWhomItNames(end: End): void {
  const { history, now, fail } = end
  const { memberOf } = history.oracle
  const ready = [...now.ready].map((id) => history.acts.get(id)!)
  const ofType = (types: readonly string[]) =>
    ready.filter(({ body }) => types.includes(body.type)).map(({ id }) => id)
  const [members, stations, spaces] = [
    ofType(['genesis', 'member']),
    ofType(['genesis', 'member', 'station']),
    ofType(['space']),
  ]

  /** Whom it may change altogether; those with it whose acts it may void or restore. */
  function reachOf(act: OracleAct): { whole: Set<string>; roles: Set<string>; pairs: Set<string> } {
    const { body } = act
    const shaken = new Set(body.type === 'assign' ? body.roles.map(([who]) => who) : membersNamedBy(act))
    const whole = body.type === 'assign' ? new Set<string>() : membersNamedBy(act)
    if (['remove', 'remove-station', 'assign', 'ratify'].includes(body.type))
      for (let before = -1; before !== shaken.size; ) {
        before = shaken.size
        for (const other of ready)
          if (other.by !== null && shaken.has(memberOf(other.by)))
            for (const member of membersNamedBy(other)) {
              shaken.add(member)
              whole.add(member)
            }
      }
    return {
      whole,
      roles: new Set(body.type === 'assign' ? body.roles.map(([who]) => who) : []),
      pairs: new Set(body.type === 'assign' ? body.spaces.map(([who, space]) => `${who}/${space}`) : []),
    }
  }

  function membersNamedBy({ id, by, body }: OracleAct): Set<string> {
    switch (body.type) {
      case 'member':
        return new Set([id])
      case 'station':
        return new Set([body.member])
      case 'remove':
        return new Set([body.target])
      case 'remove-station':
        return new Set([memberOf(body.target)])
      case 'leave':
        return new Set([memberOf(by!)])
      case 'assign':
        return new Set([...body.roles, ...body.spaces].map(([who]) => who))
      case 'ratify':
        return membersNamedBy(history.acts.get(body.act)!)
      default:
        return new Set()
    }
  }

  for (const act of lastActs(end)) {
    const before = without(end, act)
    const { whole, roles, pairs } = now.effective.has(act.id)
      ? reachOf(act)
      : { whole: new Set(), roles: new Set(), pairs: new Set() }
    const what = `${act.id}${now.effective.has(act.id) ? '' : ', void,'}`
    for (const member of members) {
      if (whole.has(member)) continue
      if (now.role(member) !== before.role(member) && !roles.has(member))
        fail('P4', `${what} changed the role of ${member}`)
      for (const space of spaces)
        if (now.has(member, space) !== before.has(member, space) && !pairs.has(`${member}/${space}`))
          fail('P4', `${what} changed whether ${member} has ${space}`)
    }
    for (const station of stations)
      if (now.standing.has(station) !== before.standing.has(station) && !whole.has(memberOf(station)))
        fail('P4', `${what} changed whether ${station} stands`)
  }
}

/** P7, of last acts. */
function theStricterOfTwoWins(end: End): void {
  const { now, fail } = end
  const last = lastActs(end).filter(({ id }) => now.effective.has(id))
  const rank = (role: Role | null) => (role === null ? -1 : ROLES.indexOf(role))
  const roleSaid = ({ body }: OracleAct, member: string): Role | null | undefined => {
    if (body.type === 'remove') return body.target === member ? null : undefined
    return body.type === 'assign' ? body.roles.find(([who]) => who === member)?.[1] : undefined
  }
  const membersOf = ({ body }: OracleAct) => {
    if (body.type === 'remove') return [body.target]
    return body.type === 'assign' ? body.roles.map(([who]) => who) : []
  }
  for (const [index, a] of last.entries())
    for (const b of last.slice(index + 1)) {
      if (!without(end, a).effective.has(b.id) || !without(end, b).effective.has(a.id)) continue
      for (const member of membersOf(a)) {
        const [one, two] = [roleSaid(a, member), roleSaid(b, member)]
        if (one === undefined || two === undefined) continue
        if (rank(now.role(member)) > Math.min(rank(one), rank(two)))
          fail('P7', `${a.id} and ${b.id} leave ${member} as ${now.role(member)}`)
      }
      if (a.body.type !== 'assign' || b.body.type !== 'assign') continue
      for (const [who, space, has] of a.body.spaces)
        for (const [other, where, too] of b.body.spaces)
          if (who === other && space === where && !(has && too) && now.has(who, space))
            fail('P7', `${a.id} and ${b.id} leave ${space} with ${who}`)
    }
}

/** P9 */
function releasesRelease({ history, acts, entries, accepted, fail }: End): void {
  const { oracle } = history
  for (const id of entries) {
    if (history.entries.get(id)!.kind !== 'release' || !oracle.complete(id, acts, entries)) continue
    if (!oracle.validEntry(id) || oracle.barred(id, acts)) continue
    for (const one of [id, ...oracle.pastOf(id)])
      if (!accepted.has(one)) fail('P9', `${id} did not release ${one}`)
  }
}

/**
 * P11. Not so a station that merely left: leaving voids nothing, so its key must be gone or the station removed.
 */
function theRemovedChangeNothing({ history, acts, now, fail }: End, seed: number): void {
  const dice = createDice(seed * 13 + 5)
  const ready = [...now.ready].map((id) => history.acts.get(id)!)
  const isStation = (act: OracleAct) => ['genesis', 'member', 'station'].includes(act.body.type)
  const out = ready.filter(
    (act) =>
      isStation(act) &&
      !now.standing.has(act.id) &&
      now.endings(act.id).every(({ body }) => body.type !== 'leave'),
  )
  const members = ready.filter(({ body }) => ['genesis', 'member'].includes(body.type)).map(({ id }) => id)
  const spaces = ready.filter(({ body }) => body.type === 'space').map(({ id }) => id)
  for (let attempt = 0; attempt < 6 && out.length; attempt++) {
    const by = dice.pick(out)!.id
    const member = dice.pick(members)!
    const body = dice.pick<OracleBody>([
      { type: 'remove', target: member, cut: [] },
      { type: 'remove-station', target: dice.pick(ready.filter(isStation))!.id, cut: [] },
      { type: 'assign', roles: [[member, dice.pick(ROLES)!]], spaces: [] },
      { type: 'assign', roles: [], spaces: [[member, dice.pick(spaces)!, dice.chance(0.5)]] },
      { type: 'ratify', act: dice.pick(ready)!.id },
    ])!
    const id = history.act(`late-${attempt}`, by, body, dice.part(now.ready))
    const then = history.oracle.resolve(new Set(acts).add(id))
    const isAsBefore =
      isSame(then.standing, now.standing) &&
      members.every(
        (one) =>
          then.role(one) === now.role(one) &&
          spaces.every((space) => then.has(one, space) === now.has(one, space)),
      )
    if (!isAsBefore) fail('P11', `removed ${by} changed membership with ${JSON.stringify(body)}`)
  }
}

function countAll({ history, acts, entries, now, accepted }: End): Census {
  const { oracle } = history
  const kinds = (kind: string) => [...accepted].filter((id) => history.entries.get(id)!.kind === kind).length
  const types = (type: string) =>
    [...now.effective].filter((id) => history.acts.get(id)!.body.type === type).length
  return {
    held: oracle.held(acts, entries).size,
    carried: [...accepted].filter((id) => oracle.barred(id, acts)).length,
    voided: now.ready.size - now.effective.size,
    frozen: now.frozen.size,
    standBys: kinds('stand-by'),
    released: kinds('release'),
    ratified: types('ratify'),
    left: types('leave'),
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id))
}
