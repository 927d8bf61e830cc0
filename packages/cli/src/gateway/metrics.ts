/** What Prometheus is told: counts, times and states by names of the configuration; nothing of a home, no address. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** `now`: what is looked up when somebody asks. */
export type MetricsNow = () => {
  readonly sources: readonly {
    readonly name: string
    readonly up: boolean
    readonly lastHeardMs: number | null
    readonly restarts: number
    readonly counts: Readonly<Record<string, number>>
  }[]
  readonly devices: Readonly<Record<'online' | 'silent' | 'never' | 'no-consent', number>>
  readonly alarmsOpen: number
  readonly peers: number
  readonly clockSet: boolean
  readonly freeDiskBytes: number
  readonly readingsBytes: number
  readonly storeBytes: number
}

export function createMetrics(now: MetricsNow) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'doorstep_' })
  const on = { registers: [registry] }
  const heard = new Counter({
    ...on,
    name: 'doorstep_heard_total',
    help: 'Values that devices said, by source and by what became of them',
    labelNames: ['source', 'became'] as const,
  })
  const rounds = new Histogram({
    ...on,
    name: 'doorstep_rules_round_seconds',
    help: 'Duration of a round of rules',
    buckets: [0.001, 0.01, 0.1, 1, 10, 60],
  })
  const alarms = new Counter({
    ...on,
    name: 'doorstep_alarms_total',
    help: 'What was written of findings, by urgency',
    labelNames: ['urgency', 'did'] as const,
  })
  const saves = new Histogram({
    ...on,
    name: 'doorstep_save_seconds',
    help: 'From hearing values to having them on disk',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
  })
  const failures = new Counter({
    ...on,
    name: 'doorstep_failures_total',
    help: 'What failed and is tried again, by kind',
    labelNames: ['kind'] as const,
  })
  const up = new Gauge({
    ...on,
    name: 'doorstep_source_up',
    help: '1 while a source is heard',
    labelNames: ['source'] as const,
  })
  const last = new Gauge({
    ...on,
    name: 'doorstep_source_last_heard_timestamp_seconds',
    help: 'When a source was last heard',
    labelNames: ['source'] as const,
  })
  const restarts = new Gauge({
    ...on,
    name: 'doorstep_source_restarts',
    help: 'How often a source was started again',
    labelNames: ['source'] as const,
  })
  const counted = new Gauge({
    ...on,
    name: 'doorstep_source_counts',
    help: 'What a source counted since it was started: questions, answers, DTUs refused, and so on',
    labelNames: ['source', 'what'] as const,
  })
  const devices = new Gauge({
    ...on,
    name: 'doorstep_devices',
    help: 'Devices by state',
    labelNames: ['state'] as const,
  })
  const plain = {
    alarmsOpen: new Gauge({ ...on, name: 'doorstep_alarms_open', help: 'Alarms that nobody has decided' }),
    peers: new Gauge({ ...on, name: 'doorstep_peers_connected', help: 'Stations on the wire' }),
    clockSet: new Gauge({
      ...on,
      name: 'doorstep_clock_set',
      help: '1 when the clock may be offered to laptops',
    }),
    freeDiskBytes: new Gauge({
      ...on,
      name: 'doorstep_disk_free_bytes',
      help: 'Room on the disk of the home',
    }),
    readingsBytes: new Gauge({ ...on, name: 'doorstep_readings_bytes', help: 'Size of the raw readings' }),
    storeBytes: new Gauge({ ...on, name: 'doorstep_store_bytes', help: 'Size of the store of records' }),
  }
  const look = () => {
    const state = now()
    for (const gauge of [up, last, restarts, counted]) gauge.reset()
    for (const source of state.sources) {
      up.set({ source: source.name }, source.up ? 1 : 0)
      restarts.set({ source: source.name }, source.restarts)
      for (const [what, count] of Object.entries(source.counts))
        counted.set({ source: source.name, what }, count)
      if (source.lastHeardMs !== null) last.set({ source: source.name }, source.lastHeardMs / 1000)
    }
    for (const [name, count] of Object.entries(state.devices)) devices.set({ state: name }, count)
    for (const [name, gauge] of Object.entries(plain)) gauge.set(Number(state[name as keyof typeof plain]))
  }
  return {
    heard,
    rounds,
    alarms,
    saves,
    failures,
    contentType: registry.contentType,
    async text(): Promise<string> {
      look()
      return registry.metrics()
    },
  }
}
