export type Unit = 's' | 'ms' | 'MB' | 'records/s'

/** One line of the table. */
export type Row = {
  /** What `--only` selects a group of rows by. */
  readonly group: Group
  readonly what: string
  readonly unit: Unit
  /** Medians; null where a side has no such thing. */
  readonly doorstep: number | null
  readonly pouch: number | null
  /** What the machine itself takes for the least that must be done. */
  readonly limit?: { readonly what: string; readonly value: number }
}

export type GroupResult = { readonly rows: readonly Row[]; readonly notes: readonly string[] }

export const groups = ['first-sync', 'imported-sync', 'bundle', 'save', 'open', 'import'] as const
export type Group = (typeof groups)[number]

export const isGroup = (text: string): text is Group => (groups as readonly string[]).includes(text)

/** Above 1: Doorstep is better. */
export function ratioOf({ unit, doorstep, pouch }: Row): number | null {
  if (doorstep === null || pouch === null || doorstep === 0 || pouch === 0) return null
  return unit === 'records/s' ? doorstep / pouch : pouch / doorstep
}

export const toMegabytes = (bytes: number): number => bytes / 1e6
