/** Health and metrics for whoever runs the machine, on loopback alone: the configuration takes no other address. */
import type { Result } from '@doorstep/core'
import type { HostPort } from './config-values.ts'
import { type LocalServer, listen, plainText } from './http-server.ts'

export type Health = {
  /** What is wrong, by name; alive while the process answers at all and its loop turns. */
  readonly ready: () => readonly string[]
  readonly metrics: () => Promise<string>
  readonly metricsType: string
}

export const serveHealth = (at: HostPort, health: Health): Promise<Result<LocalServer>> =>
  listen(at, async ({ path }) => {
    switch (path) {
      case '/healthz':
        return plainText(200, 'ok\n')
      case '/readyz': {
        const wrong = health.ready()
        return wrong.length === 0 ? plainText(200, 'ready\n') : plainText(503, `${wrong.join('\n')}\n`)
      }
      case '/metrics':
        return { status: 200, type: health.metricsType, body: await health.metrics() }
      default:
        return plainText(404, 'not found\n')
    }
  })
