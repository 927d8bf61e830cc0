/** `512 B`, `340 KB`, `2.1 MB`: what people compare with a stick or a download. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let [value, at] = [bytes, 0]
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return `${at > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[at]}`
}

/** `500MB`, `2 GB`, a plain number of bytes; null for what is no size. */
export function parseBytes(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*$/i.exec(text)
  if (!found) return null
  const bytes = Number(found[1]) * 1000 ** ' KMGT'.indexOf(found[2]!.toUpperCase() || ' ')
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : null
}
