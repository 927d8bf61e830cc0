// Scripted histories for the tests.
import { createHistory, type History } from './history.ts'
import type { BrokenRules } from './oracle.ts'
import type { OracleBody, Role } from './shape.ts'

export type Story = History & {
  /** Adds a member of that name with its first station, invited by the key in the safe. */
  readonly invite: (name: string, role: Role, spaces?: readonly string[]) => string
  readonly everything: () => { acts: Set<string>; entries: Set<string> }
  readonly accepted: (without?: readonly string[]) => string[]
  readonly held: () => string[]
  readonly effective: (id: string) => boolean
  readonly standing: (station: string) => boolean
  readonly role: (member: string) => Role | null
}

/** A community with its open space, a grid and a desk; whoever is invited is invited in the order of the calls. */
export function begin(broken: BrokenRules = {}): Story {
  const history = createHistory(broken)
  history.act('root', null, { type: 'genesis' })
  for (const [id, kind] of [
    ['open', 'community'],
    ['north', 'grid'],
    ['desk', 'desk'],
  ] as const)
    history.act(id, 'root', { type: 'space', kind }, history.acts.keys())
  let last = 'desk'
  const everything = () => ({ acts: new Set(history.acts.keys()), entries: new Set(history.entries.keys()) })
  const now = () => history.oracle.resolve(everything().acts)
  return {
    ...history,
    everything,
    invite(name, role, spaces = []) {
      last = history.act(name, 'root', { type: 'member', role, spaces }, [last])
      return name
    },
    accepted(without = []) {
      const { acts, entries } = everything()
      for (const id of without) acts.delete(id) || entries.delete(id)
      return [...history.oracle.accepted(acts, entries)].sort()
    },
    held() {
      const { acts, entries } = everything()
      return [...history.oracle.held(acts, entries)].sort()
    },
    effective: (id) => now().effective.has(id),
    standing: (station) => now().standing.has(station),
    role: (member) => now().role(member),
  }
}

export const remove = (target: string, cut: readonly string[] = []): OracleBody => ({
  type: 'remove',
  target,
  cut,
})
export const demote = (member: string, role: Role): OracleBody => ({
  type: 'assign',
  roles: [[member, role]],
  spaces: [],
})
export const give = (member: string, space: string, has: boolean): OracleBody => ({
  type: 'assign',
  roles: [],
  spaces: [[member, space, has]],
})
