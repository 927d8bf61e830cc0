/** What a configuration asks to be listened to, as sources. */
import { openLine } from '@doorstep/drivers'
import type { GatewayConfig, LineConfig } from './config.ts'
import type { DtuHub } from './dtu-hub.ts'
import { createLineSource } from './line-source.ts'
import type { Lines } from './lines.ts'
import type { WantedSource } from './sources.ts'

export const createSources = (config: GatewayConfig, lines: Lines, dtus: DtuHub): readonly WantedSource[] =>
  config.lines.map((line) => ({
    name: line.name,
    settings: line,
    create: () => lineSource(line, lines, dtus),
  }))

function lineSource(line: LineConfig, lines: Lines, dtus: DtuHub) {
  return createLineSource({
    name: line.name,
    open: (signal) => (line.at ? openLine(line.at, signal) : dtus.open(line, signal)),
    meters: () => lines.metersOf(line),
    onHeard: (heard) => {
      for (const { protocol, address } of heard) lines.heard(line.name, protocol, address)
    },
  })
}
