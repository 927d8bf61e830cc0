/** Sizes as people compare them with a stick or a download: in thousands, since files and networks are told in them. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** `512 B`, `340 KB`, `2.1 MB`. */
export const bytesText = (bytes: number): string => shareText(bytes, null)

/** `1.2/3.4 MB`: what is done of a whole, in the unit of the whole; without one as `bytesText`. */
export function shareText(bytes: number, of: number | null): string {
  const step = Math.max(0, Math.min(4, Math.floor(Math.log10(Math.max(1, of ?? bytes)) / 3)))
  const short = (value: number) => {
    const scaled = value / 1000 ** step
    return scaled < 10 && step > 0 ? scaled.toFixed(1) : String(Math.round(scaled))
  }
  return `${short(bytes)}${of === null ? '' : `/${short(of)}`} ${UNITS[step]}`
}

/** `500MB`, `2 GB`, a plain number of bytes; null for what is no size. */
export function parseBytes(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*$/i.exec(text)
  if (!found) return null
  const bytes = Number(found[1]) * 1000 ** ' KMGT'.indexOf(found[2]!.toUpperCase() || ' ')
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : null
}
