import type { Signal } from '@doorstep/core'

/** What a driver hears. It knows addresses, not homes: whose device it is, and whether it may be kept, is for the gateway. */
export type Heard = {
  /** As on the device record: `dlt645`, `cjt188`, `mbus`, `modbus`, `mqtt`. */
  readonly protocol: string
  readonly address: string
  readonly signal: Signal
  /** When it was so, milliseconds since 1970: by the device's clock where it has one that can be true, else by arrival. */
  readonly atMs: number
  /** In the signal's unit; of conditions 1 or 0, of events 1. */
  readonly value: number
}
