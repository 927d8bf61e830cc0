/**
 * Tells a DTU's heartbeats from meter bytes. Only what came by itself as one piece is taken out, since `hh` is also how a
 * frame of a meter may begin: of bytes glued together the checksum of the frame decides.
 */
import type { Clock } from './contract.ts'
import { formatHex } from './hex.ts'
import { drivers } from './registry.gen.ts'

/** So many times the same piece while nobody was asked. */
const TIMES = 3
const LONGEST_BYTES = 64
const KEPT = 4
/** A meter answers within half a second; after a network's delays nothing is an answer any more. */
const IDLE_MS = 5000

export interface Heartbeats {
  /** A question went out. */
  noteAsked(): void
  /** Whether this piece is one and is to be left out. */
  isOne(piece: Uint8Array): boolean
  readonly learned: readonly Uint8Array[]
}

/** @param known configured ones, and the registration, which some repeat */
export function createHeartbeats(known: readonly Uint8Array[], clock: Clock): Heartbeats {
  const sure = new Set(known.map(formatHex))
  const learned: Uint8Array[] = []
  const seen = new Map<string, number>()
  let askedMs = Number.NEGATIVE_INFINITY
  return {
    learned,
    noteAsked() {
      askedMs = clock.nowMs()
    },
    isOne(piece) {
      const key = formatHex(trimmed(piece))
      if (sure.has(key)) return true
      if (piece.length > LONGEST_BYTES || key === '' || clock.nowMs() - askedMs < IDLE_MS) return false
      const times = (seen.get(key) ?? 0) + 1
      seen.delete(key)
      seen.set(key, times)
      if (seen.size > KEPT) seen.delete(seen.keys().next().value!)
      if (times < TIMES || learned.length === KEPT || holdsFrame(piece)) return false
      sure.add(key)
      learned.push(trimmed(piece))
      return true
    },
  }
}

/** Line ends around it come and go. */
function trimmed(piece: Uint8Array): Uint8Array {
  const isEnd = (byte: number | undefined) => byte === 0x0d || byte === 0x0a
  let [from, to] = [0, piece.length]
  while (from < to && isEnd(piece[from])) from += 1
  while (to > from && isEnd(piece[to - 1])) to -= 1
  return piece.subarray(from, to)
}

/** A meter that speaks unasked says frames. */
const holdsFrame = (piece: Uint8Array): boolean =>
  drivers.some((driver) => {
    const parser = driver.createParser()
    return [parser.push(piece), parser.flush()].some(({ frames }) => frames.length > 0)
  })
