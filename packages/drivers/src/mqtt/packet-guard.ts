/** Follows the fixed headers of an MQTT stream, so that a packet's length is known before anybody collects its bytes. */

export type Guard = {
  /** Bytes in arrival order, cut anywhere. False: a packet longer than allowed, or no MQTT at all. */
  admits(bytes: Uint8Array): boolean
  /** Until then only a short CONNECT may come. */
  maxPacketBytes: number
  /** Whole headers seen. */
  readonly packets: number
}

export function createPacketGuard(maxPacketBytes: number): Guard {
  /** Bytes of the present packet still to come; while its header is incomplete, null. */
  let left: number | null = null
  let first = true
  let length = 0
  let factor = 1
  const guard = { maxPacketBytes, packets: 0, admits }
  return guard

  function admits(bytes: Uint8Array): boolean {
    let at = 0
    while (at < bytes.length) {
      if (left !== null) {
        const taken = Math.min(left, bytes.length - at)
        left -= taken
        at += taken
        if (left === 0) left = null
        continue
      }
      const byte = bytes[at++]!
      if (first) {
        // Types 0 and 15 do not exist in MQTT 3.1.1.
        if (byte >> 4 === 0 || byte >> 4 === 15) return false
        first = false
        length = 0
        factor = 1
        continue
      }
      length += (byte & 0x7f) * factor
      factor *= 128
      if (length > guard.maxPacketBytes) return false
      if ((byte & 0x80) !== 0) {
        if (factor > 128 ** 3) return false
        continue
      }
      first = true
      guard.packets += 1
      left = length === 0 ? null : length
    }
    return true
  }
}
