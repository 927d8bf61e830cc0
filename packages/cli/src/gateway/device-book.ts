/** Whose device an address is, and whether what it says may be kept: asked for every value, answered from memory. */
import { calendarOf, mayReadDevice, type Projection, type RecordSet, type RecordType } from '@doorstep/core'

export type DeviceStates = Readonly<Record<'online' | 'silent' | 'never' | 'no-consent', number>>

/** `ambiguous`: two records have the address, so nobody can say whose home it is. */
export type Found =
  | { readonly type: 'device'; readonly device: Projection }
  | { readonly type: 'unknown' | 'ambiguous' | 'no-consent' }

/** Whatever of these changes may change who allows what. */
const DECIDES: ReadonlySet<RecordType> = new Set<RecordType>([
  'device',
  'consent',
  'merge',
  'household',
  'residence',
  'person',
  'dwelling',
  'community',
])

export class DeviceBook {
  readonly #set: RecordSet
  readonly #now: () => number
  #byAddress: Map<string, Projection[]> | null = null
  readonly #allowed = new Map<string, boolean>()
  #day = ''
  #dayEndsMs = 0
  readonly #stop: () => void

  /** `onChange`: who is read, or may be, may be different now. */
  constructor(set: RecordSet, now: () => number, onChange: () => void = () => undefined) {
    this.#set = set
    this.#now = now
    this.#stop = set.subscribe(({ records, erased }) => {
      if ([...records, ...erased].some(({ type }) => DECIDES.has(type as RecordType))) {
        this.#forget()
        onChange()
      }
    })
  }

  #forget(): void {
    this.#byAddress = null
    this.#allowed.clear()
    this.#dayEndsMs = 0
  }

  /** `source`: the line or the broker it was heard on; addresses that others have too are said with it. */
  find(protocol: string, address: string, source: string): Found {
    this.#byAddress ??= this.#index()
    const devices =
      this.#byAddress.get(keyOf(protocol, `${source}/${address}`)) ??
      this.#byAddress.get(keyOf(protocol, address))
    if (!devices) return { type: 'unknown' }
    const [device, another] = devices
    if (another) return { type: 'ambiguous' }
    return this.isAllowed(device!) ? { type: 'device', device: device! } : { type: 'no-consent' }
  }

  #index(): Map<string, Projection[]> {
    const index = new Map<string, Projection[]>()
    for (const device of this.#set.ofType('device')) {
      const { protocol, address } = device.fields
      if (typeof protocol !== 'string' || typeof address !== 'string') continue
      const key = keyOf(protocol, address)
      index.set(key, [...(index.get(key) ?? []), device])
    }
    return index
  }

  isAllowed(device: Projection): boolean {
    this.#turnDay()
    const known = this.#allowed.get(device.id)
    if (known !== undefined) return known
    const may = mayReadDevice(this.#set, device, this.#day).ok
    this.#allowed.set(device.id, may)
    return may
  }

  /** Consents begin and end with days of the community. */
  #turnDay(): void {
    const now = this.#now()
    // A clock that was set back is looked at again too.
    if (now < this.#dayEndsMs && now >= this.#dayEndsMs - QUARTER_MS) return
    const day = calendarOf(this.#set).dayOf(now)
    if (day !== this.#day) this.#allowed.clear()
    this.#day = day
    this.#dayEndsMs = (Math.floor(now / QUARTER_MS) + 1) * QUARTER_MS
  }

  all(): Iterable<Projection> {
    return this.#set.ofType('device')
  }
  close(): void {
    this.#stop()
  }
}

/** Days begin at whole quarters of an hour of UTC, in every time zone there is. */
const QUARTER_MS = 900_000

/** Behind a colon stands which registers a Modbus device has: its frames do not say. */
const keyOf = (protocol: string, address: string): string =>
  `${protocol.split(':', 1)[0]}/${address.toLowerCase()}`
