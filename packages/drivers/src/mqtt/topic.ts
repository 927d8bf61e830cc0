/** Topics and filters of MQTT 3.1.1, chapter 4.7, and which topics would operate a device. */

/** Does a filter (`zigbee2mqtt/+/availability`, `zigbee2mqtt/#`) take in this topic? */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const given = topic.split('/')
  if (topic.startsWith('$') && !filter.startsWith('$')) return false
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= given.length || (level !== '+' && level !== given[index])) return false
  }
  return wanted.length === given.length
}

/** A topic to publish to or to follow: no wildcard, no control character, not the broker's own `$`. */
export const isPlainTopic = (topic: string): boolean =>
  topic.length > 0 && topic.length <= 512 && !/[+#\u0000-\u001f\u007f]/.test(topic) && !topic.startsWith('$')

/**
 * Levels by which firmware that is widely used takes commands: zigbee2mqtt (`set`, `get`, `bridge/request`, and
 * `bridge/config` of old), Home Assistant's examples (`set`, `cmd`, `command`), Tasmota (`cmnd`), ESPHome (`command`),
 * Shelly (`command`, `rpc`), Homie (`set`).
 */
const COMMAND_LEVELS = new Set([
  'set',
  'get',
  'cmd',
  'cmnd',
  'command',
  'commands',
  'rpc',
  'request',
  'write',
])

/**
 * Would a message there tell a device to do something? Deliberately wide: what is wrongly taken for a command is
 * refused with a word, what is wrongly let through could open a valve.
 */
export function isCommandTopic(topic: string): boolean {
  const levels = topic.toLowerCase().split('/')
  return (
    levels.some((level) => COMMAND_LEVELS.has(level) || level.endsWith('_command')) ||
    levels.some(
      (level, index) => level === 'bridge' && levels[index + 1] === 'config' && levels.length > index + 2,
    )
  )
}
