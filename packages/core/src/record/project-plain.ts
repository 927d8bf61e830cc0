import { definitionOf, typeOf } from '../records/registry.ts'
import { liveOf } from './fold.ts'
import type { PlainRecord } from './plain.ts'
import { type Projection, projectRecord } from './project.ts'

/** What a record is: by its id, or, where that names nothing this version knows, by who wrote it first. */
export const kindOf = (id: string, said: string): string => typeOf(id) ?? said

export const projectPlain = (space: string, id: string, type: string, plain: PlainRecord): Projection =>
  projectRecord(id, type, space, liveOf(plain), definitionOf(type))

/** Whether its projection has conflicts; most records cannot, which their keys in order tell. */
export function isInConflict(
  space: string,
  id: string,
  type: string,
  writes: readonly (readonly [string, unknown])[],
): boolean {
  let before = ''
  let mayBe = false
  for (const [key] of writes) {
    const end = key.indexOf('#')
    if (end <= 0 || key.lastIndexOf('+', end) > 0) {
      if (key.startsWith('moves!')) mayBe = true
      continue
    }
    const name = key.slice(0, end)
    if (name === before) mayBe = true
    before = name
  }
  return mayBe && Object.keys(projectPlain(space, id, type, new Map(writes)).conflicts).length > 0
}
