/**
 * Everything a broker says, read: zigbee2mqtt bridges and devices that announce themselves for Home Assistant. Pure: it
 * holds no connection and asks no clock. Whatever cannot be read is counted and disturbs nothing else.
 */
import type { Heard } from '../heard.ts'
import { createDeviceMemory, type LastKnown, type MqttDevice } from './device-memory.ts'
import { createHomeAssistant } from './home-assistant.ts'
import type { MqttMessage } from './message.ts'
import { createZigbeeBridge } from './zigbee-bridge.ts'

export type ReaderOptions = {
  /** Base topics of zigbee2mqtt bridges. Default `zigbee2mqtt`; an empty list: none. */
  readonly zigbee2mqtt?: readonly string[]
  /** Prefixes of announcements. Default `homeassistant`; an empty list: none. */
  readonly homeAssistant?: readonly string[]
  /** By address: presses of this button that call for help, besides `emergency`, `sos`, `panic` and `help`. */
  readonly buttons?: Readonly<Record<string, readonly string[]>>
  readonly lastKnown?: LastKnown
}

export type MqttReader = {
  /** To subscribe to from the start, in this order. */
  readonly filters: readonly string[]
  /** Also to subscribe to: what devices announced; more with time. */
  topics(): readonly string[]
  /** What is news of it. */
  hear(message: MqttMessage): readonly Heard[]
  /** What silence says, and what waited in vain. Call every few seconds. */
  tick(nowMs: number): readonly Heard[]
  /** Would a message there operate a device, by what devices announced? */
  operates(topic: string): boolean
  devices(): readonly MqttDevice[]
  /** Bridges that said they are away, by base topic. */
  bridgesAway(): readonly string[]
  /**
   * Counts by name, since it was made. `keptLevels`, `keptEvents`: of unknown age, so no news. `not-utf8`, `not-json`,
   * `too-large`, `too-deep`, `malformed`, `valuesRefused`: unreadable. `alarmsUnderTest`: held back because the device
   * was being tested. `clockOff`: the bridge's time could not be true.
   */
  counts(): Readonly<Record<string, number>>
}

export function createMqttReader({
  zigbee2mqtt = ['zigbee2mqtt'],
  homeAssistant = ['homeassistant'],
  buttons = {},
  lastKnown,
}: ReaderOptions = {}): MqttReader {
  const counts: Record<string, number> = { messages: 0, heard: 0 }
  const count = (what: string, by = 1) => {
    counts[what] = (counts[what] ?? 0) + by
  }
  const memory = createDeviceMemory(count, lastKnown)
  const help = new Map(
    Object.entries(buttons).map(([address, actions]) => [address.toLowerCase(), new Set(actions)]),
  )
  const bridges = zigbee2mqtt.map((base) => createZigbeeBridge({ base, buttons: help }, memory, count))
  const readElsewhere = (topic: string) => bridges.some((bridge) => bridge.takes(topic))
  const announcers = homeAssistant.map((prefix) =>
    createHomeAssistant({ prefix, readElsewhere }, memory, count),
  )

  return {
    filters: [...bridges.flatMap(({ filters }) => filters), ...announcers.flatMap(({ filters }) => filters)],
    topics: () => announcers.flatMap((announcer) => announcer.topics()),
    hear(message) {
      count('messages')
      return told(read(message))
    },
    tick(nowMs) {
      return told([
        ...bridges.flatMap((bridge) => bridge.tick(nowMs)),
        ...announcers.flatMap((announcer) => announcer.tick(nowMs)),
      ])
    },
    operates: (topic) => announcers.some((announcer) => announcer.operates(topic)),
    devices: () => memory.list(),
    bridgesAway: () => bridges.filter(({ online }) => online === false).map(({ base }) => base),
    counts: () => ({ ...counts }),
  }

  function read(message: MqttMessage): readonly Heard[] {
    const bridge = bridges.find((one) => one.takes(message.topic))
    if (bridge !== undefined) return bridge.hear(message)
    const heard: Heard[] = []
    let followed = false
    for (const announcer of announcers) {
      if (announcer.isConfig(message.topic)) announcer.hearConfig(message)
      else if (announcer.follows(message.topic)) heard.push(...announcer.hearState(message))
      else continue
      followed = true
    }
    if (!followed) count('notFollowed')
    return heard
  }

  function told(heard: readonly Heard[]): readonly Heard[] {
    if (heard.length > 0) count('heard', heard.length)
    return heard
  }
}
