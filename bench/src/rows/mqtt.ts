import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { freePort } from '@doorstep/core/testing'
import type { BenchContext } from '../bench-context.ts'
import { median } from '../median.ts'
import { messagesIn } from '../mqtt-messages.ts'
import type { GroupResult, Row } from '../row.ts'
import { runStep, serveStep } from '../run-step.ts'
import type { MqttServed } from '../steps/mqtt-gateway.ts'
import type { MqttLoad } from '../steps/mqtt-load.ts'

const DEVICES = 5000
const BRIDGES = 50

type Measured = { readonly percent: number; readonly brokerPercent: number; readonly rssMB: number }

/** 5,000 sensors at a message a minute, into the store of readings: CPU of one core, beside Mosquitto with our listener. */
export async function measureMqtt(context: BenchContext): Promise<GroupResult> {
  const seconds = context.options.repetitions > 1 ? 60 : 20
  const run = async (what: string, connections: number, mosquitto: Mosquitto | null) => {
    const all: Measured[] = []
    for (let n = 1; n <= context.options.repetitions; n++) {
      context.progress(`mqtt, ${what}: ${n}/${context.options.repetitions}`)
      all.push(await once(context, connections, seconds, mosquitto))
    }
    return {
      percent: median(all.map((one) => one.percent)),
      brokerPercent: median(all.map((one) => one.brokerPercent)),
      rssMB: median(all.map((one) => one.rssMB)),
    }
  }
  const bridges = await run('our broker', BRIDGES, null)
  const alone = await run('our broker, each its own connection', DEVICES, null)
  const mosquitto = await startMosquitto(context)
  const other = mosquitto && (await run('Mosquitto', BRIDGES, mosquitto))
  mosquitto?.process.kill()
  const row = (what: string, unit: Row['unit'], doorstep: number): Row => ({
    ...{ group: 'mqtt', what, unit, values: { doorstep } },
  })
  const limit = other && {
    what: 'Mosquitto and our listener together',
    value: other.percent + other.brokerPercent,
  }
  return {
    rows: [
      {
        ...row('5,000 sensors by 50 bridges, CPU of one core · 传感器占一个核', '%', bridges.percent),
        ...(limit ? { limit } : {}),
      },
      row('… memory of the gateway · 网关内存', 'MB', bridges.rssMB),
      row('… each its own connection · 各自连接', '%', alone.percent),
      row('… memory of the gateway · 网关内存', 'MB', alone.rssMB),
      ...(other ? [row('… our listener at Mosquitto · 经 Mosquitto,只算网关', '%', other.percent)] : []),
    ],
    notes: [
      `mqtt: ${DEVICES} sensors of four kinds once each, then once a minute for ${seconds} s (83 messages a second, QoS 1, acknowledged); parsed, told apart and kept in the sealed store of readings; CPU time of the gateway's process over the steady part; the limit has Mosquitto's own process with it`,
      ...(mosquitto
        ? []
        : ['mqtt: SKIPPED Mosquitto, which is not on this machine (apt-get install mosquitto)']),
    ],
  }
}

async function once(
  context: BenchContext,
  connections: number,
  seconds: number,
  mosquitto: Mosquitto | null,
): Promise<Measured> {
  const gateway = await serveStep<{ port: number }, MqttServed>('mqtt-gateway', {
    home: context.fresh('mqtt'),
    brokerPort: mosquitto?.port ?? null,
    expects: messagesIn(DEVICES, seconds),
  })
  const load = runStep<MqttLoad>('mqtt-load', {
    ...{ port: gateway.ready.port, devices: DEVICES, connections, seconds },
  })
  const before = mosquitto?.cpuMs() ?? 0
  const startedAt = performance.now()
  const { sent, acknowledged } = (await load).value
  const brokerPercent = mosquitto ? (100 * (mosquitto.cpuMs() - before)) / (performance.now() - startedAt) : 0
  const { value, usage } = await gateway.stop()
  const heard = value.messages
  if (sent !== acknowledged || heard < sent)
    throw new Error(`of ${sent} messages ${heard} were read, ${acknowledged} acknowledged`)
  if (value.kept < sent) throw new Error(`of ${sent} messages only ${value.kept} readings were kept`)
  // The last second has no messages any more, and the one before it not all.
  const steady = value.samples.slice(-(seconds - 1), -3)
  const [first, last] = [steady[0]!, steady.at(-1)!]
  return {
    percent: (last.cpuMs - first.cpuMs) / 10 / (steady.length - 1),
    brokerPercent,
    rssMB: usage.peakRssBytes / 1e6,
  }
}

type Mosquitto = { readonly process: ChildProcess; readonly port: number; cpuMs(): number }

async function startMosquitto(context: BenchContext): Promise<Mosquitto | null> {
  const path = ['mosquitto', '/usr/sbin/mosquitto'].find((one) => spawnSync(one, ['-h']).error === undefined)
  if (path === undefined) return null
  const port = await freePort()
  const file = context.fresh('mosquitto.conf')
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`)
  const started = spawn(path, ['-c', file], { stdio: 'ignore' })
  const ticks = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100
  return {
    process: started,
    port,
    cpuMs() {
      // utime and stime, fields 14 and 15 of proc(5), counted behind the name, which may hold spaces.
      const fields = readFileSync(`/proc/${started.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks
    },
  }
}
