/** The order in which steps are taken, and what each says: the same on every station, whatever order they came in. */
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { TimelineItem } from '../record/project.ts'

export type ParsedStep = {
  readonly id: string
  readonly item: TimelineItem
  readonly step: string
  readonly note: string | null
  readonly to: string | null
  readonly due: string | null
  /** Of a word on a request: which step it is about. */
  readonly of: string | null
  /** Of a return: why, as data. */
  readonly because: string | null
  readonly satisfaction: string | null
  readonly spokeTo: string | null
  readonly noPhoto: string | null
  readonly saw: readonly string[]
  readonly malformed: boolean
}

/** A step is taken when all it saw is; of those ready the smallest id. What names steps that are not here waits for none. */
export function inCausalOrder(items: readonly TimelineItem[]): readonly ParsedStep[] {
  const parsed = new Map<string, ParsedStep>()
  for (const item of items) if (!parsed.has(item.id)) parsed.set(item.id, parseStep(item))
  const waitsFor = new Map<string, number>()
  const followers = new Map<string, ParsedStep[]>()
  for (const one of parsed.values()) {
    const before = new Set(one.saw.filter((id) => id !== one.id && parsed.has(id)))
    waitsFor.set(one.id, before.size)
    for (const id of before) {
      const known = followers.get(id)
      if (known) known.push(one)
      else followers.set(id, [one])
    }
  }
  const rest = [...parsed.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const ready = rest.filter((one) => waitsFor.get(one.id) === 0)
  const ordered: ParsedStep[] = []
  const taken = new Set<string>()
  while (ordered.length < rest.length) {
    // Ids are hashes of what they name, so no circle can be made; were there one, it opens at the smallest id.
    const next = ready.shift() ?? rest.find((one) => !taken.has(one.id))!
    if (taken.has(next.id)) continue
    taken.add(next.id)
    ordered.push(next)
    for (const follower of followers.get(next.id) ?? []) {
      const left = waitsFor.get(follower.id)! - 1
      waitsFor.set(follower.id, left)
      if (left === 0 && !taken.has(follower.id)) insertById(ready, follower)
    }
  }
  return ordered
}

function insertById(sorted: ParsedStep[], one: ParsedStep): void {
  const at = sorted.findIndex((other) => other.id > one.id)
  sorted.splice(at === -1 ? sorted.length : at, 0, one)
}

function parseStep(item: TimelineItem): ParsedStep {
  const { value } = item
  const said = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  const { step, due } = said ?? {}
  return {
    id: item.id,
    item,
    step: typeof step === 'string' ? step : '',
    note: textIn(said?.note),
    to: textIn(said?.to),
    due: typeof due === 'string' && isDate(due) ? due : null,
    of: textIn(said?.of),
    because: textIn(said?.because),
    satisfaction: textIn(said?.satisfaction),
    spokeTo: textIn(said?.spokeTo),
    noPhoto: textIn(said?.noPhoto),
    saw: Array.isArray(said?.saw) ? said.saw.filter((id) => typeof id === 'string') : [],
    malformed: typeof step !== 'string' || (due !== undefined && due !== null && !isDate(String(due))),
  }
}

const textIn = (value: Value | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null
