/** What a configuration asks to be listened to, as sources. */
import { type LastKnown, openLine } from '@doorstep/drivers'
import type { GatewayConfig, LineConfig } from './config.ts'
import type { DtuHub } from './dtu-hub.ts'
import { createLineSource } from './line-source.ts'
import type { Lines } from './lines.ts'
import { mqttSource } from './mqtt-source.ts'
import type { WantedSource } from './sources.ts'

export const createSources = (
  config: GatewayConfig,
  lines: Lines,
  dtus: DtuHub,
  lastKnown: LastKnown,
): readonly WantedSource[] => [
  ...config.lines.map((line) => ({
    name: line.name,
    settings: line,
    create: () => lineSource(line, lines, dtus),
  })),
  ...config.mqtt.map((broker) => ({
    name: broker.name,
    settings: broker,
    create: () => mqttSource(broker, config.home, lastKnown),
  })),
]

function lineSource(line: LineConfig, lines: Lines, dtus: DtuHub) {
  return createLineSource({
    name: line.name,
    baud: line.at?.type === 'serial' ? line.at.baud : null,
    counts: () => dtus.counts(line),
    open: (signal) => (line.at ? openLine(line.at, signal) : dtus.open(line, signal)),
    meters: () => lines.metersOf(line),
    onHeard: (heard) => {
      for (const { protocol, address } of heard) lines.heard(line.name, protocol, address)
    },
  })
}
