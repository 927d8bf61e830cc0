/** What a gateway's configuration file says. `gateway init` writes an example; docs/gateway.md explains. */
import { dirname, resolve } from 'node:path'
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import { drivers, type LineAddress, parseDtuText, parseLineAddress } from '@doorstep/drivers'
import { DEFAULT_PORT } from '@doorstep/sync'
import { readBytes } from '../read-bytes.ts'
import { brokerConfig } from './broker-config.ts'
import {
  choice,
  duration,
  type HostPort,
  hostPort,
  hostPortText,
  loopback,
  name,
  size,
  text,
  url,
  yesNo,
} from './config-values.ts'
import {
  type ConfigFault,
  list,
  type MapOf,
  map,
  optional,
  readYaml,
  scalar,
  withDefault,
} from './read-yaml.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const dtuWord = scalar((typed) => (parseDtuText(typed) === null ? null : typed), ['DTU-0001', 'hex:01 FF 7E'])
const lineAddress = scalar(
  (typed): LineAddress | null => {
    const parsed = parseLineAddress(typed)
    return parsed.ok ? parsed.value : null
  },
  ['192.168.1.30:8899', '/dev/ttyUSB0@2400,8E1', 'modbus-tcp://192.168.1.31'],
)
const PROTOCOLS = drivers.map(({ protocol }) => protocol)

const line = map(
  {
    name,
    at: optional(lineAddress),
    /** Where its DTU dials in, what it says first, and what it sends to keep the connection. */
    dtu: optional(hostPort('0.0.0.0:5000')),
    registration: optional(dtuWord),
    heartbeat: optional(dtuWord),
    /** Meters of other protocols are not asked for on it. */
    protocols: list(choice(...PROTOCOLS), (protocol) => protocol),
    every: withDefault(duration(10_000, 7 * DAY), 15 * MINUTE),
  },
  (value, say) => {
    for (const key of ['registration', 'heartbeat'] as const)
      if (value[key] !== null && value.dtu === null) say(key)('not-together', ['dtu'])
    if ((value.at === null) === (value.dtu === null))
      say(value.dtu === null ? 'name' : 'dtu')('one-of', ['at', 'dtu'])
  },
)

const signaling = map({
  listen: optional(hostPort('0.0.0.0:7346')),
  servers: list(url('ws:', 'wss:')),
})

const DEFAULT_RULES = { every: MINUTE }
const DEFAULT_READINGS = { keep: null }
const DEFAULT_ARCHIVE = { photos: 'all' as const, most: null }
const DEFAULT_CHECKPOINTS = { every: DAY }
const DEFAULT_LOG = { level: 'info' as const, form: 'auto' as const }

const shape = {
  home: text('/var/lib/doorstep'),
  keyFile: text('/etc/doorstep/key'),
  language: withDefault(choice('zh', 'en'), 'zh'),
  listen: withDefault(hostPort(`0.0.0.0:${DEFAULT_PORT}`), { host: '0.0.0.0', port: DEFAULT_PORT }),
  discover: withDefault(yesNo, true),
  peers: list(hostPort(`192.168.1.20:${DEFAULT_PORT}`), hostPortText),
  signaling: withDefault(signaling, { listen: null, servers: [] }),
  lines: list(line, (value) => value.name),
  mqtt: list(brokerConfig, (value) => value.name),
  rules: withDefault(map({ every: withDefault(duration(5000, HOUR), MINUTE) }), DEFAULT_RULES),
  /** At most so long; by how much they grow fewer before that is the series' own (core/src/series/retention.ts). */
  readings: withDefault(map({ keep: optional(duration(7 * DAY, 3650 * DAY)) }), DEFAULT_READINGS),
  archive: withDefault(
    map({ photos: withDefault(choice('all', 'asked'), 'all'), most: optional(size) }),
    DEFAULT_ARCHIVE,
  ),
  checkpoints: withDefault(map({ every: withDefault(duration(HOUR, 90 * DAY), DAY) }), DEFAULT_CHECKPOINTS),
  /** Whether laptops are offered the time: when the network set this clock, or a person vouches for it, or never. */
  clock: withDefault(choice('auto', 'by-hand', 'off'), 'auto'),
  /** Off unless said. */
  metrics: optional(loopback('127.0.0.1:9345')),
  statusPage: optional(hostPort('0.0.0.0:8345')),
  log: withDefault(
    map({
      level: withDefault(choice('debug', 'info', 'warn', 'error'), 'info'),
      form: withDefault(choice('auto', 'json', 'pretty'), 'auto'),
    }),
    DEFAULT_LOG,
  ),
}

export type GatewayConfig = MapOf<typeof shape>
export type LineConfig = GatewayConfig['lines'][number]

const wholeFile = map(shape, (config, say) => {
  const dtus = Map.groupBy(
    config.lines.filter((one) => one.dtu !== null),
    (one) => hostPortText(one.dtu!),
  )
  // Of several that dial in at one place, each must say who it is.
  for (const group of dtus.values())
    if (group.length > 1 && group.some((one) => one.registration === null))
      say('lines')('missing', ['registration'])
  const taken = new Map<string, string>()
  const listeners: readonly (readonly [keyof typeof shape, HostPort | null])[] = [
    ['listen', config.listen],
    ['signaling', config.signaling.listen],
    ...[...dtus.values()].map((group) => ['lines', group[0]!.dtu] as const),
    ...config.mqtt.map((one) => ['mqtt', one.listen] as const),
    ['metrics', config.metrics],
    ['statusPage', config.statusPage],
  ]
  for (const [key, address] of listeners) {
    if (address === null || address.port === 0) continue
    const before = taken.get(String(address.port))
    if (before !== undefined) say(key)('twice', [`${before}: ${hostPortText(address)}`])
    else taken.set(String(address.port), key)
  }
  const names = new Set(config.lines.map((one) => one.name))
  if (config.mqtt.some((one) => names.has(one.name))) say('mqtt')('twice', [...names])
})

export type BadConfig = Problem & {
  readonly type: 'bad-config'
  readonly file: string
  readonly faults: readonly ConfigFault[]
}

export function parseConfig(content: string, file: string): Result<GatewayConfig, BadConfig> {
  const { value, faults } = readYaml(content, wholeFile)
  if (value === null) return fail({ type: 'bad-config', file, faults })
  const at = (path: string) => resolve(dirname(file), path)
  return ok({
    ...value,
    home: at(value.home),
    keyFile: at(value.keyFile),
    mqtt: value.mqtt.map((one) => ({
      ...one,
      passwordFile: one.passwordFile === null ? null : at(one.passwordFile),
      caFile: one.caFile === null ? null : at(one.caFile),
    })),
  })
}

export function readConfig(file: string): Result<GatewayConfig> {
  const bytes = readBytes(file)
  return bytes.ok ? parseConfig(bytes.value.toString('utf8'), file) : bytes
}
