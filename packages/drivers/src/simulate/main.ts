/**
 * Simulated meters as a process of their own, like a serial converter on the network:
 *
 *   tsx simulate/main.ts --listen 127.0.0.1:0 --meter 000000000161:1234.56 [--meter …] [--fault noise …] [--speed 60]
 *
 * Prints one line of JSON when it listens: {"listening":{"host","port"},"meters":[{"protocol","address","value","unit"}]}.
 * `--speed N`: the meters' time runs N times as fast. Exit 0 on SIGINT or SIGTERM, 1 if it cannot listen, 2 on wrong use.
 * `doorstep device simulate` can do more.
 */
import { parseArgs } from 'node:util'
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import { systemClock } from '../system-clock.ts'
import type { SimulatedDevice } from './device.ts'
import { fastClock } from './fast-clock.ts'
import { serveSimulatedMeters } from './line.ts'
import { planMeters } from './plan.ts'

type Plan = { readonly host: string; readonly port: number; readonly meters: readonly SimulatedDevice[] }
type WrongUse = { readonly type: 'wrong-use'; readonly detail: string }

const plan = parsePlan(process.argv.slice(2))
if (!plan.ok) stop(2, plan.problem)
else await serve(plan.value)

async function serve({ host, port, meters }: Plan): Promise<void> {
  const served = await serveSimulatedMeters({ host, port, meters })
  if (!served.ok) return stop(1, served.problem)
  const { address, port: bound, close } = served.value
  const told = meters.map((meter) => ({
    protocol: meter.protocol,
    address: meter.address,
    ...meter.shows(),
  }))
  process.stdout.write(`${JSON.stringify({ listening: { host: address, port: bound }, meters: told })}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
}

function parsePlan(args: string[]): Result<Plan, WrongUse> {
  const wrong = (detail: string) => fail<WrongUse>({ type: 'wrong-use', detail })
  const options = {
    listen: { type: 'string', default: '127.0.0.1:0' },
    meter: { type: 'string', multiple: true },
    fault: { type: 'string', multiple: true },
    speed: { type: 'string', default: '1' },
  } as const
  let values: { listen: string; meter?: string[]; fault?: string[]; speed: string }
  try {
    values = parseArgs({ args, options }).values
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  const { meter: wanted = [], fault: faults = [] } = values
  const listen = /^(.+):(\d{1,5})$/.exec(values.listen)
  if (listen === null) return wrong(`--listen HOST:PORT, not ${values.listen}`)
  const speed = Number(values.speed)
  if (!(speed > 0)) return wrong(`--speed N, not ${values.speed}`)
  if (wanted.length === 0) return wrong('--meter ADDRESS:KWH at least once')
  const meters = planMeters({ meters: wanted, faults, clock: fastClock(systemClock, speed) })
  if (!meters.ok) return wrong(JSON.stringify(meters.problem satisfies Problem))
  return ok({ host: listen[1]!, port: Number(listen[2]), meters: meters.value })
}

function stop(code: number, problem: object): void {
  process.stderr.write(`${JSON.stringify({ error: problem })}\n`)
  process.exitCode = code
}
