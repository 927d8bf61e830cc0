/** What a configuration asks to be listened to, as sources. */
import { openLine } from '@doorstep/drivers'
import type { GatewayConfig, LineConfig } from './config.ts'
import { createLineSource } from './line-source.ts'
import type { Lines } from './lines.ts'
import type { WantedSource } from './sources.ts'

export const createSources = (config: GatewayConfig, lines: Lines): readonly WantedSource[] =>
  config.lines.map((line) => ({ name: line.name, settings: line, create: () => lineSource(line, lines) }))

function lineSource(line: LineConfig, lines: Lines) {
  return createLineSource({
    name: line.name,
    open: (signal) => openLine(line.at!, signal),
    meters: () => lines.metersOf(line),
    onHeard: (heard) => {
      for (const { protocol, address } of heard) lines.heard(line.name, protocol, address)
    },
  })
}
