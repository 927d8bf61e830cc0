import type { OracleAct } from './shape.ts'

/**
 * A4. Fixed by the adding acts alone, so every question has one answer for ever.
 *
 * Of members: the genesis member has depth 0 and the empty path; a member whom a station of member M added has M's
 * depth + 1 and M's path + [seq of the adding act]. Smaller depth is senior; then the smaller number at the first
 * step where the paths differ; then the smaller id of the adding act.
 *
 * Of stations of one member: the first station (added with the member) has the order [0]. A station that a station
 * of the same member added has its adder's order + [seq of the adding act]; one that a chief of another member added
 * has [0, seq of the adding act]. The shorter order is senior; then the smaller number at the first difference; then
 * the smaller id of the adding act. So the first station is senior to all others.
 *
 * Of stations of different members: as their members.
 */
export type Seniority = {
  memberOf(station: string): string
  isSeniorMember(member: string, other: string): boolean
  isSeniorStation(station: string, other: string): boolean
}

export function createSeniority(actById: (id: string) => OracleAct): Seniority {
  function memberOf(station: string): string {
    const { id, body } = actById(station)
    if (body.type === 'station') return body.member
    if (body.type === 'genesis' || body.type === 'member') return id
    throw new Error(`act ${id} (${body.type}) adds no station`)
  }

  function pathOf(member: string): readonly number[] {
    const { by, seq } = actById(member)
    return by === null ? [] : [...pathOf(memberOf(by)), seq]
  }

  function orderOf(station: string): readonly number[] {
    const { by, seq, body } = actById(station)
    if (body.type !== 'station' || by === null) return [0]
    return memberOf(by) === body.member ? [...orderOf(by), seq] : [0, seq]
  }

  return {
    memberOf,
    isSeniorMember: (member, other) =>
      member !== other && comesFirst(pathOf(member), pathOf(other), member, other),
    isSeniorStation(station, other) {
      const [member, otherMember] = [memberOf(station), memberOf(other)]
      if (member !== otherMember) return comesFirst(pathOf(member), pathOf(otherMember), member, otherMember)
      return station !== other && comesFirst(orderOf(station), orderOf(other), station, other)
    },
  }
}

function comesFirst(a: readonly number[], b: readonly number[], aId: string, bId: string): boolean {
  if (a.length !== b.length) return a.length < b.length
  for (const [step, seq] of a.entries()) if (seq !== b[step]) return seq < b[step]!
  return aId < bId
}
