import { getEventListeners } from 'node:events'
import { readdirSync } from 'node:fs'
import type { Station } from '@doorstep/core'

export type Resources = {
  /** After a collection of garbage: only a process started with --expose-gc tells the truth here. */
  readonly heapBytes: number
  readonly rssBytes: number
  /** Open descriptors; 0 where /proc does not tell. */
  readonly descriptors: number
  /** Timers, sockets and whatever else keeps a process alive. */
  readonly handles: number
  /** Listeners of the process and of the station's end. */
  readonly listeners: number
}

export function resources(station?: Station): Resources {
  for (let n = 0; n < 2; n++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return {
    heapBytes: heapUsed + external,
    rssBytes: rss,
    descriptors: descriptors(),
    handles: process.getActiveResourcesInfo().length,
    listeners:
      process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0) +
      (station ? getEventListeners(station.closing, 'abort').length : 0),
  }
}

function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
