/**
 * What was last heard of each device on a broker: told apart here are news, repetitions, and levels that nobody knows
 * the age of. Bounded; nothing of it is kept when the process ends.
 */
import { type Signal, signals } from '@doorstep/core'
import type { Heard } from '../heard.ts'
import type { Said } from './said.ts'

type Via = 'zigbee2mqtt' | 'home-assistant'

/** A device that was seen on the broker, as for a list to choose from. */
export type MqttDevice = {
  readonly protocol: 'mqtt'
  /** Zigbee: the IEEE address. Else the first identifier of the device, or the entity's unique id. */
  readonly address: string
  readonly via: 'zigbee2mqtt' | 'home-assistant'
  readonly name: string | null
  readonly model: string | null
  readonly vendor: string | null
  /** What it says it can tell, and what it did tell. */
  readonly signals: readonly Signal[]
  /** Milliseconds since 1970; null: never while we listened. */
  readonly lastHeardMs: number | null
  /** In percent. */
  readonly battery: number | null
  readonly online: boolean | null
  /** Told by a kept message only: they were so at some time before we listened. */
  readonly ofUnknownAge: readonly Signal[]
  /** What it offers that cannot be used, and why. */
  readonly notUsed: readonly string[]
}

export type Description = {
  readonly via: Via
  readonly name?: string | null
  readonly model?: string | null
  readonly vendor?: string | null
  readonly signals?: readonly Signal[]
  readonly notUsed?: readonly string[]
}

/** `told`: what kind of moment `atMs` is. `unknown`: it was so when it arrived or at any time before. */
export type Moment = { readonly atMs: number; readonly told: 'when-heard' | 'unknown' }

/** The same press is sent several times by radio, and again by a broker that missed an acknowledgement. */
const SAME_EVENT_MS = 5000
const MAX_DEVICES = 20_000

type Remembered = {
  description: Description
  signals: Set<Signal>
  levels: Map<Signal, number>
  unknown: Set<Signal>
  events: Map<string, number>
  lastHeardMs: number | null
  testedMs: number | null
}

/** Asks the archive for a signal's last value, so that a kept message after a restart can be told from news. */
export type LastKnown = (address: string, signal: Signal) => number | null

export function createDeviceMemory(count: (what: string) => void, lastKnown: LastKnown = () => null) {
  const devices = new Map<string, Remembered>()

  /** Null when there are more devices than any neighbourhood has: somebody makes them up. */
  function remember(address: string, via: Via): Remembered | null {
    const known = devices.get(address)
    if (known !== undefined) return known
    if (address.length === 0 || address.length > 200 || devices.size >= MAX_DEVICES) {
      count('devicesRefused')
      return null
    }
    const fresh: Remembered = {
      description: { via },
      signals: new Set(),
      levels: new Map(),
      unknown: new Set(),
      events: new Map(),
      lastHeardMs: null,
      testedMs: null,
    }
    devices.set(address, fresh)
    return fresh
  }

  return {
    describe(address: string, description: Description): void {
      const device = remember(address, description.via)
      if (device !== null) device.description = { ...device.description, ...description }
    },

    forget(address: string): void {
      devices.delete(address)
    },

    /** Did a boolean become true? What a kept message says is only remembered. */
    rises(address: string, via: Via, { signal, value }: Said): boolean {
      const device = remember(address, via)
      if (device === null) return false
      device.signals.add(signal)
      const before = device.levels.get(signal)
      device.levels.set(signal, value)
      return value === 1 && before !== 1
    },

    testedMs: (address: string): number | null => devices.get(address)?.testedMs ?? null,

    /** What is news of it. `event`: tells two events of one signal apart (which button was pressed). */
    keep(address: string, via: Via, said: readonly Said[], moment: Moment, event = ''): readonly Heard[] {
      const device = remember(address, via)
      if (device === null) return []
      const heard: Heard[] = []
      for (const { signal, value } of said) {
        device.signals.add(signal)
        const atMs = newsAt(address, device, { signal, value }, moment, event)
        if (atMs !== null) heard.push({ protocol: 'mqtt', address, signal, atMs, value })
      }
      // That it cannot be reached is heard of it, not from it.
      const fromIt = said.some(({ signal, value }) => signal !== 'online' || value === 1)
      if (moment.told === 'when-heard' && fromIt)
        device.lastHeardMs = Math.max(device.lastHeardMs ?? 0, moment.atMs)
      return heard
    },

    list(): readonly MqttDevice[] {
      return Array.from(devices, ([address, device]) => ({
        protocol: 'mqtt',
        address,
        via: device.description.via,
        name: device.description.name ?? null,
        model: device.description.model ?? null,
        vendor: device.description.vendor ?? null,
        signals: [...new Set([...(device.description.signals ?? []), ...device.signals])],
        lastHeardMs: device.lastHeardMs,
        battery: device.levels.get('battery') ?? null,
        online: device.levels.has('online') ? device.levels.get('online') === 1 : null,
        ofUnknownAge: [...device.unknown],
        notUsed: device.description.notUsed ?? [],
      }))
    },
  }

  function newsAt(
    address: string,
    device: Remembered,
    { signal, value }: Said,
    { atMs, told }: Moment,
    event: string,
  ): number | null {
    const { form } = signals[signal]
    if (form === 'event') {
      // What was kept is long over.
      if (told === 'unknown') return dropped('keptEvents')
      const lastMs = device.events.get(`${signal} ${event}`)
      if (lastMs !== undefined && Math.abs(atMs - lastMs) < SAME_EVENT_MS) return dropped('repeatedEvents')
      device.events.set(`${signal} ${event}`, atMs)
      if (signal === 'test') device.testedMs = atMs
      return atMs
    }
    const before = device.levels.get(signal) ?? lastKnown(address, signal)
    device.levels.set(signal, value)
    if (told === 'when-heard') {
      device.unknown.delete(signal)
      return atMs
    }
    // It changed while nobody listened: news, whenever it was.
    if (form === 'condition' && before !== null && before !== value) return atMs
    if (before === null) device.unknown.add(signal)
    return dropped('keptLevels')
  }

  function dropped(what: string): null {
    count(what)
    return null
  }
}

export type DeviceMemory = ReturnType<typeof createDeviceMemory>
