/** Who may publish and follow what on the embedded broker. Nobody may operate a device. */
import { isCommandTopic, isPlainTopic, matchesFilter } from './topic.ts'

export type BrokerClient = {
  /** The MQTT user name. */
  readonly name: string
  /** As `hashPassword` makes it. */
  readonly password: string
  /** Filters of the topics that it may publish to: `zigbee2mqtt/#`. Topics that operate a device are never among them. */
  readonly mayPublish: readonly string[]
  /** What it may follow; by default what it may publish to. */
  readonly mayFollow?: readonly string[]
}

export type Refusal = 'operates-a-device' | 'not-allowed' | 'not-a-topic'

export function mayPublish(
  client: BrokerClient,
  topic: string,
  operates: (topic: string) => boolean,
): Refusal | null {
  if (!isPlainTopic(topic)) return 'not-a-topic'
  if (isCommandTopic(topic) || operates(topic)) return 'operates-a-device'
  return client.mayPublish.some((filter) => matchesFilter(filter, topic)) ? null : 'not-allowed'
}

export const mayFollow = (client: BrokerClient, wanted: string): boolean =>
  (client.mayFollow ?? client.mayPublish).some((filter) => coversFilter(filter, wanted))

/** Does every topic of `inner` belong to `outer`? */
export function coversFilter(outer: string, inner: string): boolean {
  const allowed = outer.split('/')
  const wanted = inner.split('/')
  if (inner.startsWith('$') && !outer.startsWith('$')) return false
  for (const [index, level] of allowed.entries()) {
    if (level === '#') return true
    const mine = wanted[index]
    if (mine === undefined || mine === '#') return false
    if (level !== '+' && level !== mine) return false
  }
  return allowed.length === wanted.length
}
