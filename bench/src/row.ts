import { type Side, sides } from './side.ts'

export type Unit = 's' | 'ms' | 'MB' | 'KB' | 'records/s' | 'turns' | '%'

/** One line of the table. */
export type Row = {
  /** What `--only` selects a group of rows by. */
  readonly group: Group
  readonly what: string
  readonly unit: Unit
  /** Medians; a side that has no such thing, or was not asked for, is left out. */
  readonly values: Readonly<Partial<Record<Side, number>>>
  /** What the machine itself takes for the least that must be done. */
  readonly limit?: { readonly what: string; readonly value: number }
}

export type GroupResult = { readonly rows: readonly Row[]; readonly notes: readonly string[] }

export const groups = [
  'first-sync',
  'checkpoint-sync',
  'no-op',
  'catch-up',
  'live-edit',
  'alarm',
  'mqtt',
  'bundle',
  'save',
  'open',
  'import',
  'form',
  'readings',
  'workstation',
  'bus',
] as const
export type Group = (typeof groups)[number]

export const isGroup = (text: string): text is Group => (groups as readonly string[]).includes(text)

/** How many times better Doorstep is than each peer. */
export function ratiosOf({ unit, values }: Row): Partial<Record<Side, number>> {
  const { doorstep } = values
  const ratios: Partial<Record<Side, number>> = {}
  if (!doorstep) return ratios
  for (const side of sides) {
    const theirs = values[side]
    if (side === 'doorstep' || !theirs) continue
    ratios[side] = unit === 'records/s' ? doorstep / theirs : theirs / doorstep
  }
  return ratios
}

export const toMegabytes = (bytes: number): number => bytes / 1e6
