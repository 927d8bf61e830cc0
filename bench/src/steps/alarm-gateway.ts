import { setTimeout as pause } from 'node:timers/promises'
import { builtinRules, expectOk, openStation, raiseFinding } from '@doorstep/core'
import { type Session, SyncNode } from '@doorstep/sync'
import { nowMs } from '../clock.ts'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

/** When each alarm was asked for, milliseconds since 1970, and how long until it was on disk here. */
export type RaisedAlarms = {
  readonly raised: readonly [id: string, atMs: number][]
  readonly savesMs: readonly number[]
}

/** Longer than anything is collected before it is sent, so that each stands alone. */
const BETWEEN_MS = 150
const AFTER_MS = 2000

/** A gateway in a meeting raises one alarm after the other, each of another device of the laptop's grid. */
step<{ home: string; grid: string; port: number; alarms: number }>(
  async ({ home, grid, port, alarms }): Promise<RaisedAlarms> => {
    const station = expectOk(await openStation({ home, secret: SECRET }))
    const rule = builtinRules.find(({ id }) => id === 'water-none-24h')!
    const devices = [...station.records({ type: 'device', space: grid })]
    const equal = Promise.withResolvers<void>()
    let session: Session | null = null
    const look = () => session?.isEqual() && equal.resolve()
    const node = new SyncNode({ station, name: '网关', onState: look })
    session = expectOk(await node.dial(`127.0.0.1:${port}`))
    look()
    await equal.promise
    const raised: [string, number][] = []
    const savesMs: number[] = []
    for (let at = 0; at < alarms; at++) {
      await pause(BETWEEN_MS)
      const askedMs = nowMs()
      const finding = {
        ...{ rule: rule.id, device: devices[at % devices.length]!.id, state: 'raised' as const },
        ...{ sinceMs: Math.round(askedMs) - 86_400_000, atMs: Math.round(askedMs) },
        figures: { used: 0.003, below: 0.01, hours: 24 },
      }
      const { alarm } = expectOk(await raiseFinding(station, finding, rule))
      savesMs.push(nowMs() - askedMs)
      raised.push([alarm!, askedMs])
    }
    await pause(AFTER_MS)
    await node.close()
    await station.close()
    return { raised, savesMs }
  },
)
