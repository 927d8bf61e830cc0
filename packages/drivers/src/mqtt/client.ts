/**
 * Listens to any MQTT broker (Mosquitto, ours, a bridge's own): connects, follows topics, and comes back by itself. It
 * has no way to publish, and leaves no will.
 */
import type { Clock } from '../contract.ts'
import { systemClock } from '../system-clock.ts'
import type { Consumer } from './message.ts'

/** `code`: the system's (`ECONNREFUSED`), or what the broker answered (`refused-5`: not authorized). Neither names anybody. */
export type BrokerAway = {
  readonly type: 'mqtt-broker-away'
  readonly host: string
  readonly port: number
  readonly code: string
}

export type MqttClientOptions = {
  /** `mqtt://HOST[:PORT]` or `mqtts://…`; what else it holds is not looked at. */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Certificate of the authority that signed the broker's, PEM. Default: those that Node trusts. */
  readonly ca?: string
  /**
   * The broker keeps what comes for this name while we are away, so two listeners need two names. Without one nothing is
   * kept, and the name is made up.
   */
  readonly clientId?: string
  /** Topics and filters to follow, asked for in this order. */
  readonly filters: readonly string[]
  /** Longest wait between two tries, in ms. Default 60,000. */
  readonly maxBackoffMs?: number
  /** From 0 to 1. */
  readonly random?: () => number
}

export type MqttListener = {
  /** Until `signal` is aborted, or the consumer rejects: then it rejects too, and what was not taken is not acknowledged. */
  run(consumer: Consumer, signal: AbortSignal): Promise<void>
  /** Follow these too, now and after every return. */
  follow(topics: readonly string[]): void
  /** `problem`: why it is not connected; null while it is, or has not tried. */
  state(): { readonly connected: boolean; readonly problem: BrokerAway | null }
  /** `connects`: times it was connected; `tries`: times it tried; `refusedTopics`: not allowed to follow. */
  counts(): Readonly<Record<string, number>>
}

const FIRST_BACKOFF_MS = 500
/** A broker that is lost without a word is noticed after one and a half of these. */
const KEEP_ALIVE_S = 30
const CONNECT_MS = 10_000
/** Topics in one question. */
const BATCH = 100

export function createMqttListener(options: MqttClientOptions, clock: Clock = systemClock): MqttListener {
  const { url, clientId, maxBackoffMs = 60_000, random = Math.random } = options
  const { hostname: host, port: portText, protocol } = new URL(url)
  const port = Number(portText) || (protocol === 'mqtts:' ? 8883 : 1883)
  const followed = new Set<string>()
  const counts = { tries: 0, connects: 0, refusedTopics: 0 }
  let connected = false
  let problem: BrokerAway | null = null
  let ask: (topics: readonly string[]) => void = () => {}

  return {
    state: () => ({ connected, problem }),
    counts: () => ({ ...counts }),
    follow(topics) {
      const fresh = topics.filter((topic) => !followed.has(topic))
      for (const topic of fresh) followed.add(topic)
      if (fresh.length > 0) ask(fresh)
    },
    async run(consumer, signal) {
      let failed = 0
      while (!signal.aborted) {
        counts.tries += 1
        const connects = counts.connects
        await stayConnected(consumer, signal)
        failed = counts.connects > connects ? 0 : failed + 1
        // Half of it by chance: a broker that comes back is not met by everybody at once.
        const longest = Math.min(maxBackoffMs, FIRST_BACKOFF_MS * 2 ** Math.min(failed, 16))
        await pause(longest * (0.5 + random() / 2), signal)
      }
    },
  }

  /** One connection, from its first byte to its end. */
  async function stayConnected(consumer: Consumer, signal: AbortSignal): Promise<void> {
    const { connect } = await import('mqtt')
    const client = connect({
      host,
      port,
      protocol: protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
      clientId: clientId ?? `doorstep-${Math.floor(random() * 2 ** 40).toString(36)}`,
      clean: clientId === undefined,
      keepalive: KEEP_ALIVE_S,
      connectTimeout: CONNECT_MS,
      protocolVersion: 4,
      // We come back by our own measure, as a new client each time.
      reconnectPeriod: 0,
      resubscribe: false,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    })
    const over = Promise.withResolvers<void>()
    const stop = () => client.end(true, () => over.resolve())
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()

    client.handleMessage = (packet, done) => {
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
      const retained = packet.retain ? 'kept' : 'no'
      consumer({ topic: packet.topic, payload, retained, atMs: clock.nowMs() }).then(
        () => done(),
        (error: unknown) => {
          // Not acknowledged: the broker gives it again.
          over.reject(error)
          client.end(true)
        },
      )
    }
    client.on('connect', () => {
      counts.connects += 1
      connected = true
      problem = null
      ask = (topics) => subscribe(topics)
      // One after the other, the first alone: the list of names comes before what they stand for.
      for (const filter of options.filters) subscribe([filter])
      subscribe([...followed])
    })
    client.on('error', (error: Error & { code?: string | number }) => {
      const code = typeof error.code === 'number' ? `refused-${error.code}` : (error.code ?? 'no-mqtt')
      problem = { type: 'mqtt-broker-away', host, port, code }
    })
    client.on('packetreceive', (packet) => {
      if (packet.cmd !== 'suback') return
      counts.refusedTopics += packet.granted.filter((granted) => granted === 128).length
    })
    client.on('close', () => over.resolve())
    try {
      await over.promise
    } finally {
      signal.removeEventListener('abort', stop)
      ask = () => {}
      if (connected && problem === null && !signal.aborted)
        problem = { type: 'mqtt-broker-away', host, port, code: 'connection-lost' }
      else problem ??= signal.aborted ? null : { type: 'mqtt-broker-away', host, port, code: 'no-answer' }
      connected = false
      client.end(true)
    }

    function subscribe(topics: readonly string[]): void {
      for (let from = 0; from < topics.length; from += BATCH)
        client.subscribe(topics.slice(from, from + BATCH), { qos: 1 }, () => {})
    }
  }

  async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const over = Promise.withResolvers<void>()
    const cancel = clock.after(delayMs, () => over.resolve())
    const stop = () => over.resolve()
    signal.addEventListener('abort', stop, { once: true })
    await over.promise
    signal.removeEventListener('abort', stop)
    cancel()
  }
}
