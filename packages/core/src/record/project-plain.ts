import { definitionOf, typeOf } from '../records/registry.ts'
import { liveOf } from './fold.ts'
import type { PlainRecord } from './plain.ts'
import { type Projection, projectRecord } from './project.ts'

/** What a record is: by its id, or, where that names nothing this version knows, by who wrote it first. */
export const kindOf = (id: string, said: string): string => typeOf(id) ?? said

export const projectPlain = (space: string, id: string, type: string, plain: PlainRecord): Projection =>
  projectRecord(id, type, space, liveOf(plain), definitionOf(type))

/** Of one that may have some. */
export const isInConflict = (space: string, id: string, type: string, plain: PlainRecord): boolean =>
  Object.keys(projectPlain(space, id, type, plain).conflicts).length > 0
