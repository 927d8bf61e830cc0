/** What every simulated device is to a line: something that hears frames of its protocol and puts bytes on the wire. */
import type { Frame } from '../contract.ts'

/** Bytes put on the line `afterMs` later than those before. */
export type Emission = { readonly afterMs: number; readonly bytes: Uint8Array }

export type Question = { readonly request: Frame }

/** What a device does wrong, whatever it speaks. `refuses` and `appends`: its answer is made so. */
export interface Fault {
  readonly name: string
  readonly refuses?: true
  /** Bytes of its maker's own behind the data. */
  readonly appends?: Uint8Array
  send?(emissions: readonly Emission[], question: Question): readonly Emission[]
}

export type DeviceCounters = { readonly answered: number; readonly ignoredCommands: number }

export interface SimulatedDevice {
  readonly protocol: string
  readonly address: string
  /** What its register shows now, in `unit`. */
  readonly shows: () => { readonly value: number; readonly unit: string }
  /** What it puts on the line; nothing for other addresses and for anything but reading. */
  hear(frame: Frame): readonly Emission[]
  readonly counters: DeviceCounters
}

/** How an answer is to be made. */
export type Manner = { readonly refuses: boolean; readonly appended: Uint8Array }

type DeviceOptions<F extends Frame> = Pick<SimulatedDevice, 'protocol' | 'address' | 'shows'> & {
  readonly faults?: readonly Fault[]
  /** `command`: it was told to do something, and does not. Null: not for it. */
  answer(request: F, manner: Manner): Uint8Array | 'command' | null
}

export function createDevice<F extends Frame>({
  faults = [],
  answer,
  ...device
}: DeviceOptions<F>): SimulatedDevice {
  const counters = { answered: 0, ignoredCommands: 0 }
  const manner: Manner = {
    refuses: faults.some(({ refuses }) => refuses === true),
    appended: Uint8Array.from(faults.flatMap(({ appends }) => [...(appends ?? [])])),
  }
  return {
    ...device,
    get counters() {
      return { ...counters }
    },
    hear(request) {
      const bytes = answer(request as F, manner)
      if (bytes === 'command') counters.ignoredCommands += 1
      if (bytes === null || bytes === 'command') return []
      counters.answered += 1
      return faults.reduce<readonly Emission[]>(
        (sent, fault) => fault.send?.(sent, { request }) ?? sent,
        [{ afterMs: 0, bytes }],
      )
    },
  }
}
