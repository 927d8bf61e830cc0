import type { Signal } from '@doorstep/core'

/** One thing a payload says of a device, in the signal's unit. When and of whom is known elsewhere. */
export type Said = { readonly signal: Signal; readonly value: number }

/** Signals whose 1 means that somebody may be in danger: they are handed on at once and kept before acknowledged. */
export const urgentSignals: ReadonlySet<Signal> = new Set<Signal>(['smoke', 'gas-leak', 'sos'])
