/**
 * What a device announces for Home Assistant under `<prefix>/<component>/[<node>/]<object>/config`, in long or short
 * keys, one entity a topic or a whole device with its components. Only what it tells is read; what it takes commands by
 * is noted so that nobody publishes there.
 */
import type { Signal } from '@doorstep/core'
import { addressOf } from './address.ts'
import { binaryClasses, sensorClasses } from './discovery-classes.ts'
import { isObject, type JsonObject, own, shortText } from './payload.ts'
import { parseTemplate, type Template } from './template.ts'
import { isPlainTopic } from './topic.ts'

export type Availability = {
  readonly topic: string
  readonly template: Template | null
  readonly available: string
  readonly notAvailable: string
}

export type Entity = {
  /** Unique on the broker: the configuration's topic and, of a whole device, the component in it. */
  readonly id: string
  readonly uniqueId: string | null
  /** The device's first identifier; without one the unique id. */
  readonly address: string
  readonly name: string | null
  readonly model: string | null
  readonly vendor: string | null
  readonly signal: Signal
  readonly topic: string
  readonly template: Template | null
  readonly reads:
    | { readonly form: 'words'; readonly on: string; readonly off: string }
    | { readonly form: 'number'; readonly factor: number; readonly fahrenheit: boolean }
  /** Without a word for so long it is out of reach, in ms; null: it does not say. */
  readonly expiresMs: number | null
  readonly availability: readonly Availability[]
  readonly mode: 'all' | 'any' | 'latest'
}

/** `why`: short, in the words of the announcement; shown beside the device. */
export type NotUsed = {
  readonly id: string
  readonly address: string
  readonly name: string | null
  readonly topic: string | null
  readonly why: string
}

export type Announcement = {
  readonly entities: readonly Entity[]
  readonly notUsed: readonly NotUsed[]
  /** Where it takes commands. */
  readonly commandTopics: readonly string[]
}

const SHORT: Readonly<Record<string, string>> = {
  avty: 'availability',
  avty_mode: 'availability_mode',
  avty_t: 'availability_topic',
  avty_tpl: 'availability_template',
  cmps: 'components',
  dev: 'device',
  dev_cla: 'device_class',
  exp_aft: 'expire_after',
  ids: 'identifiers',
  mdl: 'model',
  mf: 'manufacturer',
  p: 'platform',
  pl_avail: 'payload_available',
  pl_not_avail: 'payload_not_available',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  stat_t: 'state_topic',
  t: 'topic',
  uniq_id: 'unique_id',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
}
const MAX_COMPONENTS = 100

/** `component`: the level after the prefix: `binary_sensor`, `sensor`, `device`, … */
export function readAnnouncement(id: string, component: string, config: JsonObject): Announcement {
  const whole = long(config)
  const entities: Entity[] = []
  const notUsed: NotUsed[] = []
  const commandTopics: string[] = []
  const take = (entityId: string, kind: string, fields: JsonObject) => {
    commandTopics.push(...commandTopicsOf(fields))
    const entity = readEntity(entityId, kind, fields)
    if ('why' in entity) notUsed.push(entity)
    else entities.push(entity)
  }
  if (component !== 'device') take(id, component, whole)
  else {
    const components = own(whole, 'components')
    for (const [key, value] of Object.entries(isObject(components) ? components : {}).slice(
      0,
      MAX_COMPONENTS,
    )) {
      if (!isObject(value)) continue
      const fields = { ...whole, ...long(value), components: null }
      take(`${id} ${key}`, shortText(own(fields, 'platform')) ?? '', fields)
    }
  }
  return { entities, notUsed, commandTopics }
}

function readEntity(id: string, component: string, fields: JsonObject): Entity | NotUsed {
  const device = own(fields, 'device')
  const described = isObject(device) ? long(device) : {}
  const identifiers = own(described, 'identifiers')
  const uniqueId = shortText(own(fields, 'unique_id'))?.trim() || null
  const known = shortText(Array.isArray(identifiers) ? identifiers[0] : identifiers) ?? uniqueId
  const address = known === null || known.trim() === '' ? null : addressOf(known)
  const name = shortText(own(described, 'name')) ?? shortText(own(fields, 'name'))
  const topic = topicOf(fields, 'state_topic')
  const no = (why: string): NotUsed => ({
    id,
    address: address ?? addressOf(id),
    name,
    topic: topic ?? topicOf(fields, 'topic'),
    why,
  })
  if (address === null) return no('no unique_id and no device identifiers')
  if (component !== 'binary_sensor' && component !== 'sensor')
    return no(`${component || 'nothing'}: only sensors are read`)
  if (topic === null) return no('no state_topic that can be followed')
  const deviceClass = shortText(own(fields, 'device_class')) ?? ''
  const meaning =
    component === 'binary_sensor' ? binaryMeaning(deviceClass, fields) : sensorMeaning(deviceClass, fields)
  if ('why' in meaning) return no(meaning.why)
  const template = templateOf(fields, 'value_template')
  if (template !== null && 'why' in template) return no(template.why)
  const availability = availabilityOf(fields)
  if ('why' in availability) return no(availability.why)
  const expires = own(fields, 'expire_after')
  const mode = own(fields, 'availability_mode')
  return {
    id,
    uniqueId,
    address,
    name,
    model: shortText(own(described, 'model')),
    vendor: shortText(own(described, 'manufacturer')),
    topic,
    template: template?.run ?? null,
    ...meaning,
    expiresMs: typeof expires === 'number' && expires > 0 && expires < 1e7 ? expires * 1000 : null,
    availability: availability.all,
    mode: mode === 'all' || mode === 'any' ? mode : 'latest',
  }
}

type Meaning = Pick<Entity, 'signal' | 'reads'>
type Why = { readonly why: string }

function binaryMeaning(deviceClass: string, fields: JsonObject): Meaning | Why {
  const signal = own(binaryClasses, deviceClass) as Signal | undefined
  if (signal === undefined)
    return { why: `device_class ${deviceClass || 'missing'} of a binary_sensor is no signal here` }
  return {
    signal,
    reads: {
      form: 'words',
      on: wordOf(own(fields, 'payload_on'), 'ON'),
      off: wordOf(own(fields, 'payload_off'), 'OFF'),
    },
  }
}

function sensorMeaning(deviceClass: string, fields: JsonObject): Meaning | Why {
  const known = Object.hasOwn(sensorClasses, deviceClass) ? sensorClasses[deviceClass] : undefined
  if (known === undefined)
    return { why: `device_class ${deviceClass || 'missing'} of a sensor is no signal here` }
  const unit = shortText(own(fields, 'unit_of_measurement')) ?? ''
  const fahrenheit = deviceClass === 'temperature' && unit === '°F'
  const factor = fahrenheit ? 1 : own(known.units, unit)
  if (typeof factor !== 'number')
    return { why: `unit ${unit || 'missing'} of ${deviceClass} is not supported` }
  return { signal: known.signal, reads: { form: 'number', factor, fahrenheit } }
}

/** As Python would print it, since templates do. */
export const wordOf = (value: unknown, otherwise: string): string =>
  typeof value === 'boolean'
    ? value
      ? 'True'
      : 'False'
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : otherwise

function templateOf(fields: JsonObject, key: string): { run: Template } | Why | null {
  const text = own(fields, key)
  if (text === undefined || text === null || text === '') return null
  if (typeof text !== 'string') return { why: `${key} is no text` }
  const template = parseTemplate(text)
  return template.ok ? { run: template.value } : { why: `${key}: ${template.problem.reason}` }
}

function availabilityOf(fields: JsonObject): { all: readonly Availability[] } | Why {
  const list = own(fields, 'availability')
  const single = own(fields, 'availability_topic') === undefined ? [] : [fields]
  const all: Availability[] = []
  const given = Array.isArray(list) ? list.slice(0, 8) : isObject(list) ? [list] : single
  for (const entry of given) {
    if (!isObject(entry)) continue
    const one = entry === fields ? fields : { '~': own(fields, '~'), ...long(entry) }
    const topic = topicOf(one, entry === fields ? 'availability_topic' : 'topic')
    if (topic === null) return { why: 'an availability topic that cannot be followed' }
    const template = templateOf(one, entry === fields ? 'availability_template' : 'value_template')
    if (template !== null && 'why' in template) return template
    all.push({
      topic,
      template: template?.run ?? null,
      available: wordOf(own(one, 'payload_available'), 'online'),
      notAvailable: wordOf(own(one, 'payload_not_available'), 'offline'),
    })
  }
  return { all }
}

/** `~` at the beginning or the end stands for the base topic. */
function topicOf(fields: JsonObject, key: string): string | null {
  const value = own(fields, key)
  if (typeof value !== 'string') return null
  const base = own(fields, '~')
  const topic =
    typeof base !== 'string'
      ? value
      : value.startsWith('~')
        ? base + value.slice(1)
        : value.endsWith('~')
          ? value.slice(0, -1) + base
          : value
  return isPlainTopic(topic) ? topic : null
}

function commandTopicsOf(fields: JsonObject): string[] {
  return Object.keys(fields)
    .filter((key) => /(?:^|_)(?:command_topic|cmd_t)$/.test(key))
    .map((key) => topicOf(fields, key))
    .filter((topic) => topic !== null)
}

const long = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [Object.hasOwn(SHORT, key) ? SHORT[key]! : key, value]),
  )
