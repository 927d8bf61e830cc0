/** Published frames, typed. */
import { readFileSync } from 'node:fs'
import { expectOk } from '../src/expect-ok.js'
import { parseHex } from '../src/hex.js'
export function vectorsOf(protocol) {
  const file = readFileSync(new URL(`./vectors/${protocol}.json`, import.meta.url), 'utf8')
  const all = JSON.parse(file).frames
  return {
    good: all.filter((vector) => vector.refused === undefined),
    bad: all.filter((vector) => vector.refused !== undefined),
  }
}
export const bytesOf = (hex) => expectOk(parseHex(hex))
//# sourceMappingURL=vectors-of.js.map
