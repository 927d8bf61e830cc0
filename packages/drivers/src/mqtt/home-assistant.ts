/** Devices that announce themselves for Home Assistant, without one: what they announced says how to read their topics. */
import type { Signal } from '@doorstep/core'
import type { Heard } from '../heard.ts'
import { addressOf } from './address.ts'
import type { DeviceMemory, Moment } from './device-memory.ts'
import { type Availability, type Entity, readAnnouncement, wordOf } from './discovery.ts'
import type { MqttMessage } from './message.ts'
import { decodeJson, decodeText, isObject } from './payload.ts'

export type HomeAssistantOptions = {
  /** `homeassistant` where nobody changed it. */
  readonly prefix: string
  /** Topics that somebody else reads already: devices behind zigbee2mqtt announce themselves here too. */
  readonly readElsewhere: (topic: string) => boolean
}

const MAX_CONFIG_BYTES = 64 << 10
const MAX_STATE_BYTES = 64 << 10
const MAX_ENTITIES = 20_000

export function createHomeAssistant(
  { prefix, readElsewhere }: HomeAssistantOptions,
  memory: DeviceMemory,
  count: (what: string) => void,
) {
  /** By the topic of the configuration. */
  const announced = new Map<string, readonly Entity[]>()
  const byTopic = new Map<string, Set<Entity>>()
  const byAvailability = new Map<string, Set<Entity>>()
  /** By address and signal: the entity that has it. */
  const owners = new Map<string, Map<Signal, string>>()
  /** By the topic of the configuration: where it takes commands; and by such a topic: how many said so. */
  const commands = new Map<string, readonly string[]>()
  const operating = new Map<string, number>()
  const reachable = new Map<string, boolean>()
  const notUsed = new Map<string, Map<string, string>>()
  const expiry = new Map<string, { lastMs: number; afterMs: number; told: boolean }>()
  let entityCount = 0

  return {
    filters: [`${prefix}/+/+/config`, `${prefix}/+/+/+/config`],
    isConfig,
    /** A topic that some device said it takes commands by, and that none tells its state by. */
    operates: (topic: string): boolean => operating.has(topic) && !byTopic.has(topic),
    /** Every topic its devices told to follow. */
    topics: (): readonly string[] => [...new Set([...byTopic.keys(), ...byAvailability.keys()])],
    follows: (topic: string): boolean => byTopic.has(topic) || byAvailability.has(topic),
    hearConfig,
    hearState,
    /** Devices that said how long they may be silent, and have been longer. */
    tick(nowMs: number): readonly Heard[] {
      const heard: Heard[] = []
      for (const [address, state] of expiry) {
        if (state.told || nowMs - state.lastMs < state.afterMs) continue
        state.told = true
        const moment: Moment = { atMs: state.lastMs + state.afterMs, told: 'when-heard' }
        heard.push(...memory.keep(address, 'home-assistant', [{ signal: 'online', value: 0 }], moment))
      }
      return heard
    },
  }

  function isConfig(topic: string): boolean {
    const levels = topic.split('/')
    const own = prefix.split('/').length
    return (
      topic.startsWith(`${prefix}/`) &&
      levels.at(-1) === 'config' &&
      (levels.length === own + 3 || levels.length === own + 4)
    )
  }

  /** What is new to follow comes out of `topics`. Returns whether that changed. */
  function hearConfig({ topic, payload }: MqttMessage): boolean {
    if (payload.length === 0) return withdraw(topic, true)
    const json = decodeJson(payload, MAX_CONFIG_BYTES)
    if (!json.ok || !isObject(json.value)) {
      count(json.ok ? 'malformed' : json.problem.reason)
      return false
    }
    const component = topic.slice(prefix.length + 1).split('/')[0]!
    const { entities, notUsed: refused, commandTopics } = readAnnouncement(topic, component, json.value)
    const before = announced.get(topic) ?? []
    withdraw(topic, false)
    if (commandTopics.length > 0 && commands.size < MAX_ENTITIES) {
      commands.set(topic, commandTopics)
      for (const one of commandTopics) operating.set(one, (operating.get(one) ?? 0) + 1)
    }
    const kept: Entity[] = []
    for (const entity of entities) {
      if (readElsewhere(entity.topic)) continue
      if (entityCount >= MAX_ENTITIES) {
        count('devicesRefused')
        continue
      }
      kept.push(enlist(entity))
    }
    for (const { id, address, name, topic: its, why } of refused) {
      if (its !== null && readElsewhere(its)) continue
      note(address, id, why)
      memory.describe(address, {
        via: 'home-assistant',
        ...(name === null ? {} : { name }),
        notUsed: reasons(address),
      })
    }
    if (kept.length > 0) announced.set(topic, kept)
    for (const { address } of before) if (!owners.has(address)) expiry.delete(address)
    return before.length > 0 || kept.length > 0
  }

  /** A second entity of a device with the same signal (a plug with two outlets) is a device of its own. */
  function enlist(entity: Entity): Entity {
    const taken = owners.get(entity.address)?.get(entity.signal)
    const address =
      taken !== undefined && taken !== entity.id && entity.uniqueId !== null
        ? addressOf(entity.uniqueId)
        : entity.address
    const listed: Entity = address === entity.address ? entity : { ...entity, address }
    const mine = owners.get(address) ?? new Map<Signal, string>()
    owners.set(address, mine.set(listed.signal, listed.id))
    addTo(byTopic, listed.topic, listed)
    for (const { topic } of listed.availability) addTo(byAvailability, topic, listed)
    entityCount += 1
    if (listed.expiresMs !== null) {
      const state = expiry.get(address)
      if (state === undefined)
        expiry.set(address, { lastMs: Number.POSITIVE_INFINITY, afterMs: listed.expiresMs, told: false })
      else state.afterMs = Math.max(state.afterMs, listed.expiresMs)
    }
    memory.describe(address, {
      via: 'home-assistant',
      name: listed.name,
      model: listed.model,
      vendor: listed.vendor,
      signals: [...mine.keys()],
      notUsed: reasons(address),
    })
    return listed
  }

  function withdraw(topic: string, final: boolean): boolean {
    for (const one of commands.get(topic) ?? []) {
      const left = operating.get(one)! - 1
      if (left === 0) operating.delete(one)
      else operating.set(one, left)
    }
    commands.delete(topic)
    const entities = announced.get(topic)
    announced.delete(topic)
    for (const [address, whys] of notUsed) {
      for (const id of whys.keys()) if (id === topic || id.startsWith(`${topic} `)) whys.delete(id)
      if (whys.size === 0) notUsed.delete(address)
    }
    for (const entity of entities ?? []) {
      takeFrom(byTopic, entity.topic, entity)
      for (const one of entity.availability) takeFrom(byAvailability, one.topic, entity)
      const left = owners.get(entity.address)
      left?.delete(entity.signal)
      if (left?.size === 0) owners.delete(entity.address)
      if (final) {
        for (const one of entity.availability) reachable.delete(`${entity.id} ${one.topic}`)
        if (left?.size === 0) expiry.delete(entity.address)
      }
      entityCount -= 1
    }
    return entities !== undefined
  }

  /**
   * A device tells its own state as it is, also first thing after it woke up, asking the broker to keep it; only a bridge
   * repeats what others said long ago.
   */
  function hearState(message: MqttMessage): readonly Heard[] {
    const text = decodeText(message.payload, MAX_STATE_BYTES)
    if (!text.ok) {
      count(text.problem.reason)
      return []
    }
    const moment: Moment = {
      atMs: message.atMs,
      told: message.retained === 'kept' ? 'unknown' : 'when-heard',
    }
    const heard: Heard[] = []
    for (const entity of byTopic.get(message.topic) ?? []) {
      const value = valueIn(entity, text.value)
      if (value === null) continue
      const state = expiry.get(entity.address)
      if (state !== undefined && message.retained !== 'kept')
        Object.assign(state, { lastMs: message.atMs, told: false })
      heard.push(...memory.keep(entity.address, 'home-assistant', [{ signal: entity.signal, value }], moment))
    }
    const told = new Set<string>()
    for (const entity of byAvailability.get(message.topic) ?? []) {
      const online = availabilityOf(entity, message.topic, text.value)
      if (online === null || told.has(entity.address)) continue
      told.add(entity.address)
      const said = { signal: 'online', value: online ? 1 : 0 } as const
      heard.push(...memory.keep(entity.address, 'home-assistant', [said], moment))
    }
    return heard
  }

  function valueIn(entity: Entity, payload: string): number | null {
    const rendered = entity.template === null ? payload : entity.template(payload)
    // Home Assistant's own word for "nothing", and what a template gives that found nothing.
    if (rendered === null || rendered === '' || rendered === 'None') return null
    if (entity.reads.form === 'words') {
      const word = wordOf(rendered, '').trim()
      if (sameWord(word, entity.reads.on, rendered)) return 1
      if (sameWord(word, entity.reads.off, rendered)) return 0
      count('valuesRefused')
      return null
    }
    const number = typeof rendered === 'number' ? rendered : Number(String(rendered).trim() || Number.NaN)
    if (typeof rendered === 'boolean' || !Number.isFinite(number) || Math.abs(number) > 1e9) {
      count('valuesRefused')
      return null
    }
    return entity.reads.fahrenheit ? ((number - 32) * 5) / 9 : number * entity.reads.factor
  }

  function availabilityOf(entity: Entity, topic: string, payload: string): boolean | null {
    for (const one of entity.availability) {
      if (one.topic !== topic) continue
      const online = wordOfAvailability(one, payload)
      if (online === null) continue
      if (reachable.size > MAX_ENTITIES * 8) reachable.clear()
      reachable.set(`${entity.id} ${topic}`, online)
    }
    const known = entity.availability.map((one) => reachable.get(`${entity.id} ${one.topic}`))
    if (entity.mode === 'latest') return reachable.get(`${entity.id} ${topic}`) ?? null
    if (entity.mode === 'any')
      return known.some((one) => one === true) ? true : known.includes(undefined) ? null : false
    return known.some((one) => one === false) ? false : known.includes(undefined) ? null : true
  }

  function wordOfAvailability(one: Availability, payload: string): boolean | null {
    const rendered = one.template === null ? payload : one.template(payload)
    const word = wordOf(rendered, '').trim()
    if (sameWord(word, one.available, rendered)) return true
    return sameWord(word, one.notAvailable, rendered) ? false : null
  }

  function note(address: string, id: string, why: string): void {
    const whys = notUsed.get(address) ?? new Map<string, string>()
    if (notUsed.size >= MAX_ENTITIES || whys.size >= 100) return
    whys.set(id, why)
    notUsed.set(address, whys)
  }

  function reasons(address: string): readonly string[] {
    return [...new Set(notUsed.get(address)?.values() ?? [])]
  }
}

/** `true` in JSON is `True` to a template and `true` to whoever wrote the configuration. */
const sameWord = (word: string, wanted: string, rendered: unknown): boolean =>
  word === wanted || (typeof rendered === 'boolean' && word.toLowerCase() === wanted.toLowerCase())

function addTo(map: Map<string, Set<Entity>>, key: string, entity: Entity): void {
  const set = map.get(key)
  if (set === undefined) map.set(key, new Set([entity]))
  else set.add(entity)
}

function takeFrom(map: Map<string, Set<Entity>>, key: string, entity: Entity): void {
  const set = map.get(key)
  set?.delete(entity)
  if (set?.size === 0) map.delete(key)
}

export type HomeAssistant = ReturnType<typeof createHomeAssistant>
