/** Published frames, typed. */
import { readFileSync } from 'node:fs'
import { expectOk } from '../src/expect-ok.ts'
import { parseHex } from '../src/hex.ts'

export type Vector = {
  readonly hex: string
  readonly origin: string
  readonly refused?: 'checksum'
  readonly address?: string
  readonly control?: string
  readonly function?: string
  readonly refusal?: { readonly code: number }
  readonly items?: readonly {
    readonly id: string
    readonly value: number | string | null
    readonly unit?: string
  }[]
  readonly extra?: string
  /** The meter says that it has more to tell. */
  readonly partial?: true
}

export function vectorsOf(protocol: string): {
  readonly good: readonly Vector[]
  readonly bad: readonly Vector[]
} {
  const file = readFileSync(new URL(`./vectors/${protocol}.json`, import.meta.url), 'utf8')
  const all = (JSON.parse(file) as { frames: Vector[] }).frames
  return {
    good: all.filter((vector) => vector.refused === undefined),
    bad: all.filter((vector) => vector.refused !== undefined),
  }
}

export const bytesOf = (hex: string): Uint8Array => expectOk(parseHex(hex))
