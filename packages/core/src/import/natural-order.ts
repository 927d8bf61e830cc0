/**
 * Orders texts as people read house numbers: 2 before 10, 10 before 10A. By code points and digits alone, so that
 * every station cuts a register at the same buildings whatever its locale.
 */
export function compareNaturally(a: string, b: string): number {
  const left = runsOf(a)
  const right = runsOf(b)
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = compareRuns(left[at]!, right[at]!)
    if (order !== 0) return order
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** The first word that differs decides. */
export function compareKeysNaturally(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareNaturally(a[at]!, b[at]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

const runsOf = (text: string): string[] => text.match(/\d+|\D+/g) ?? []
const isNumber = (run: string): boolean => /^\d/.test(run)

function compareRuns(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) {
    const left = a.replace(/^0+(?=\d)/, '')
    const right = b.replace(/^0+(?=\d)/, '')
    if (left.length !== right.length) return left.length - right.length
    return left < right ? -1 : left > right ? 1 : 0
  }
  return a < b ? -1 : a > b ? 1 : 0
}
