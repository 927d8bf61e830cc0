/** A broker of the configuration as a source. */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { ok, type Problem, type Result } from '@doorstep/core'
import { createMqttSource, type LastKnown, type MqttSource } from '@doorstep/drivers'
import { readBytes } from '../read-bytes.ts'
import type { BrokerConfig } from './broker-config.ts'
import type { Source } from './source.ts'

export function mqttSource(config: BrokerConfig, home: string, lastKnown: LastKnown): Source {
  let inner: MqttSource | null = null
  let problem: Problem | null = null
  return {
    name: config.name,
    async run(sink, signal) {
      const files = filesOf(config)
      problem = files.ok ? null : files.problem
      if (!files.ok) return
      inner ??= open(config, home, lastKnown, files.value)
      await inner.run(sink, signal)
    },
    status() {
      if (problem === null && inner !== null) return inner.status()
      return { state: problem === null ? 'starting' : 'failing', lastHeardMs: null, problem, counts: {} }
    },
  }
}

type Files = { readonly password?: string; readonly ca?: string }

function filesOf({ passwordFile, caFile }: BrokerConfig): Result<Files> {
  const password = passwordFile === null ? null : readBytes(passwordFile)
  if (password?.ok === false) return password
  const ca = caFile === null ? null : readBytes(caFile)
  if (ca?.ok === false) return ca
  return ok({
    ...(password === null ? {} : { password: password.value.toString('utf8').replace(/\r?\n$/, '') }),
    ...(ca === null ? {} : { ca: ca.value.toString('utf8') }),
  })
}

function open(config: BrokerConfig, home: string, lastKnown: LastKnown, files: Files): MqttSource {
  const reader = {
    lastKnown,
    ...(config.zigbee2mqtt.length > 0 ? { zigbee2mqtt: config.zigbee2mqtt } : {}),
    buttons: Object.fromEntries(config.buttons.map(({ address, presses }) => [address, presses])),
  }
  const { name, listen, url, user } = config
  if (listen !== null) {
    const clients = config.clients.map(({ user: own, password: hash, publish, follow }) => ({
      name: own,
      password: hash,
      mayPublish: publish,
      ...(follow.length > 0 ? { mayFollow: follow } : {}),
    }))
    return createMqttSource({ name, reader, broker: { ...listen, clients } })
  }
  const listener = {
    url: url!,
    clientId: clientIdOf(home, name),
    ...(user === null ? {} : { username: user }),
    ...files,
  }
  return createMqttSource({ name, reader, listener })
}

/** The same after every start, so that the broker keeps what comes meanwhile, and no other gateway's. */
function clientIdOf(home: string, name: string): string {
  const digest = createHash('sha256').update(`${hostname()}\n${home}\n${name}`).digest('hex')
  return `doorstep-${digest.slice(0, 12)}`
}
