export type Vector = {
  readonly hex: string
  readonly origin: string
  readonly refused?: 'checksum'
  readonly address?: string
  readonly control?: string
  readonly function?: string
  readonly refusal?: {
    readonly code: number
  }
  readonly items?: readonly {
    readonly id: string
    readonly value: number | string | null
    readonly unit?: string
  }[]
  readonly extra?: string
  /** The meter says that it has more to tell. */
  readonly partial?: true
}
export declare function vectorsOf(protocol: string): {
  readonly good: readonly Vector[]
  readonly bad: readonly Vector[]
}
export declare const bytesOf: (hex: string) => Uint8Array
