/** Reads the variable-length numbers and byte strings of the Yjs wire format. Once `failed`, everything reads as empty. */
export function createByteReader(bytes: Uint8Array) {
  let at = 0
  let failed = false

  /** Seven bits a byte, lowest first, highest bit set on all but the last; at most 53 bits. */
  const readVarUint = (): number => {
    let value = 0
    let factor = 1
    while (!failed && at < bytes.length && factor <= 2 ** 49) {
      const byte = bytes[at++]!
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : giveUp()
      factor *= 128
    }
    return giveUp()
  }

  const giveUp = (): 0 => {
    failed = true
    return 0
  }

  const readBytes = (): Uint8Array => {
    const length = readVarUint()
    if (failed || length > bytes.length - at) {
      giveUp()
      return new Uint8Array(0)
    }
    at += length
    return bytes.subarray(at - length, at)
  }

  return {
    readVarUint,
    readBytes,
    /** True when nothing went wrong and nothing is left over. */
    isDone: () => !failed && at === bytes.length,
    hasFailed: () => failed,
  }
}

export function encodeVarUint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
