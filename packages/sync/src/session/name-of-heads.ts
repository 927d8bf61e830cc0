import { type EntryRef, toHex } from '@doorstep/core'

/** The same for the same heads, in whatever order they are said. */
export const nameOfHeads = (heads: readonly EntryRef[]): string =>
  heads
    .map(({ hash }) => toHex(hash))
    .sort()
    .join()
