/** A digest as two people compare it aloud: its first eight hex digits. Null where the records cannot be read. */
export const shortDigest = (digest: string | null): string =>
  digest === null ? '–' : `${digest.slice(0, 4)} ${digest.slice(4, 8)}`
