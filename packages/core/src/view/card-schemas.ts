import type { CardKind, Cards } from './cards.ts'

type Column = 'text' | 'number' | 'boolean' | 'list' | { readonly key: number }

/** A schema as RxDB takes it: only the parts in use. */
export type CardSchema = {
  readonly version: 0
  readonly primaryKey: 'id'
  readonly type: 'object'
  readonly properties: Readonly<Record<string, object>>
  readonly required: readonly string[]
  readonly indexes: readonly (string | readonly string[])[]
}

/** Lengths are room in an index, in characters: the longest id there can be (ids.ts), behind it a slash and a field. */
const ID = 35
const CONFLICT = ID + 1 + 41
const DAY = 10

/** Few indexes: each costs every update a splice through the whole collection. */
const COLUMNS: { readonly [K in CardKind]: { readonly [C in keyof Cards[K]]-?: Column } } = {
  households: {
    id: { key: ID },
    space: { key: ID },
    gridName: 'text',
    address: 'text',
    stair: 'text',
    walk: 'text',
    name: 'text',
    phone: 'text',
    categories: 'list',
    tags: 'list',
    mind: 'text',
    promise: 'text',
    lastVisitOn: 'text',
    openCases: 'number',
    conflicts: 'number',
  },
  persons: {
    id: { key: ID },
    household: { key: ID },
    address: 'text',
    name: 'text',
    gender: 'text',
    birthDate: 'text',
    idNumber: 'text',
    phone: 'text',
    categories: 'list',
    diedOn: 'text',
  },
  cases: {
    id: { key: ID },
    household: { key: ID },
    address: 'text',
    visit: 'text',
    kind: 'text',
    title: 'text',
    grade: 'text',
    state: 'text',
    open: 'boolean',
    deadline: 'text',
    with: 'text',
    flagged: 'boolean',
  },
  visits: {
    id: { key: ID },
    household: { key: ID },
    address: 'text',
    on: { key: DAY },
    outcome: 'text',
    mode: 'text',
    form: 'text',
    nextOn: 'text',
    withdrawn: 'text',
    by: 'text',
    byName: 'text',
    atMs: 'number',
  },
  devices: {
    id: { key: ID },
    dwelling: { key: ID },
    address: 'text',
    name: 'text',
    kind: 'text',
    protocol: 'text',
    deviceAddress: 'text',
    expiresOn: 'text',
    readAt: 'text',
    readings: 'number',
  },
  conflicts: {
    id: { key: CONFLICT },
    record: 'text',
    type: 'text',
    title: 'text',
    field: 'text',
    label: 'list',
    values: 'list',
  },
}

const INDEXES: Readonly<Record<CardKind, CardSchema['indexes']>> = {
  households: [],
  persons: ['household'],
  cases: ['household'],
  visits: [['household', 'on']],
  devices: ['dwelling'],
  conflicts: [],
}

const property = (column: Column): object =>
  typeof column === 'object'
    ? { type: 'string', maxLength: column.key }
    : column === 'list'
      ? { type: 'array', items: {} }
      : column === 'text'
        ? { type: ['string', 'null'] }
        : { type: column }

export const CARD_KINDS = Object.keys(COLUMNS) as readonly CardKind[]

/** The collections live in memory and are made anew at each opening: there is nothing to migrate, ever. */
export const schemaOf = (kind: CardKind): CardSchema => {
  const columns = Object.entries<Column>(COLUMNS[kind])
  return {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: Object.fromEntries(columns.map(([name, column]) => [name, property(column)])),
    required: columns.filter(([, column]) => typeof column === 'object').map(([name]) => name),
    indexes: INDEXES[kind],
  }
}
