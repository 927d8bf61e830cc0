import {
  dialAsDtu,
  type LineOptions,
  parseDtuText,
  type SimulatedDevice,
  serveSimulatedMeters,
} from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { parseLine } from '../../station/line-address.ts'
import { type PlannedMeters, planSimulation } from '../../station/simulate-meters.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'

export default class DeviceSimulate extends DoorstepCommand {
  static override description = '模拟表计,直到 Ctrl-C · Simulated meters, until Ctrl-C'
  static override examples = [
    'doorstep device simulate --meter 000000000161:1234.56',
    'doorstep device simulate --meter cjt188:00201510270588:12.3 --meter mbus:5:7.25 --baud 2400 --misbehave noise',
    'doorstep device simulate --meter cjt188:00201510270001:0 --count 46 --replay water.csv.gz --speed 3600',
    'doorstep device simulate --meter 161:10 --dial 127.0.0.1:9000 --registration DTU-01 --heartbeat hb',
  ]
  static override flags = {
    listen: Flags.string({
      default: '127.0.0.1:0',
      helpValue: 'HOST:PORT',
      description: '监听;端口 0 任取空闲的 · where to listen; port 0 takes a free one',
    }),
    meter: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '[PROTOCOL:]ADDRESS:VALUE[:KIND]',
      description:
        '表:协议(dlt645 dlt645-1997 cjt188 mbus modbus)、地址、起始读数、种类(water gas heat,或 Modbus 设备型号) · a meter: protocol, address, where it begins, kind',
    }),
    count: Flags.integer({
      default: 1,
      min: 1,
      max: 1000,
      description: '每种几块,地址递增 · how many of each, addresses counting up',
    }),
    misbehave: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      helpValue: 'FAULT[@ADDRESS]',
      description: '出的错,可只出在一块表上 · what goes wrong, of all meters or of one',
    }),
    baud: Flags.integer({
      min: 300,
      max: 115_200,
      description: '按此波特率逐字节传送(8E1) · every byte takes its time at this rate (8E1)',
    }),
    'reply-delay-ms': Flags.integer({
      min: 0,
      max: 10_000,
      description: '应答前的停顿,毫秒;有波特率时默认 50 · before each answer; 50 where there is a baud rate',
    }),
    dial: Flags.string({
      helpValue: 'HOST:PORT',
      exclusive: ['listen'],
      description: '像 DTU 一样拨入 · dial in as a DTU does',
    }),
    registration: Flags.string({
      default: '',
      description: '注册包,文本或 hex:… · said first; text, or hex:…',
    }),
    heartbeat: Flags.string({ default: '', description: '心跳包,文本或 hex:… · heartbeat; text, or hex:…' }),
    'heartbeat-seconds': Flags.integer({
      default: 30,
      min: 1,
      description: '心跳间隔,秒 · between heartbeats',
    }),
    replay: Flags.string({
      helpValue: 'FILE',
      description: '读数照 CSV(可 .gz)走:一块表一户 · registers follow a CSV file (.gz too), a home each',
    }),
    'replay-key': Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      description: '只照这些户 · only these homes of the file',
    }),
    'replay-columns': Flags.string({
      helpValue: 'KEY,TIME,VALUE',
      description: '列名,默认 user key,datetime,meter reading · names of the columns; without KEY: one home',
    }),
    'replay-unit': Flags.option({
      options: ['L', 'm3', 'kWh'] as const,
      default: 'L',
      description: '文件的单位 · unit of the file',
    })(),
    speed: Flags.integer({
      default: 1,
      min: 1,
      description: '表的时间快几倍 · how much faster the meters live',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(DeviceSimulate)
    const planned = this.must(
      planSimulation({
        meters: flags.meter,
        faults: flags.misbehave.filter((fault) => fault !== 'echo'),
        count: flags.count,
        speed: flags.speed,
        replay: flags.replay
          ? {
              file: flags.replay,
              keys: flags['replay-key'],
              columns: flags['replay-columns'] ?? null,
              unit: flags['replay-unit'],
            }
          : null,
      }),
    )
    const line: LineOptions = {
      ...(flags.baud === undefined ? {} : { baud: flags.baud }),
      replyDelayMs: flags['reply-delay-ms'] ?? (flags.baud === undefined ? 0 : 50),
      // An echo comes from the adapter, once, not from each meter.
      echoes: flags.misbehave.includes('echo'),
    }
    const close = flags.dial
      ? await this.dial(flags.dial, planned, line, {
          registration: bytesOf(flags.registration, '--registration'),
          heartbeat: bytesOf(flags.heartbeat, '--heartbeat'),
          heartbeatMs: flags['heartbeat-seconds'] * 1000,
        })
      : await this.listen(flags.listen, planned, line)
    await untilInterrupted()
    await close()
  }

  private async listen(at: string, planned: PlannedMeters, line: LineOptions): Promise<() => Promise<void>> {
    const { host, port } = this.must(parseLine(at))
    const served = this.must(await serveSimulatedMeters({ host, port, meters: planned.devices, ...line }))
    const listening = { host: served.address, port: served.port }
    if (this.jsonEnabled()) this.logJson({ listening, ...toldOf(planned) })
    else
      this.print(
        this.words([
          `模拟 ${planned.devices.length} 块表,在 ${listening.host}:${listening.port}。Ctrl-C 结束。`,
          `${planned.devices.length} simulated meter(s) at ${listening.host}:${listening.port}. Ctrl-C to end.`,
        ]),
      )
    return served.close
  }

  private async dial(
    to: string,
    planned: PlannedMeters,
    line: LineOptions,
    manners: { registration: Uint8Array; heartbeat: Uint8Array; heartbeatMs: number },
  ): Promise<() => Promise<void>> {
    const dialling = this.must(parseLine(to))
    const dtu = dialAsDtu({
      ...dialling,
      ...line,
      ...manners,
      meters: planned.devices,
      onState: (state) => this.tell(stateWords[state]),
    })
    if (this.jsonEnabled()) this.logJson({ dialling, ...toldOf(planned) })
    else
      this.print(
        this.words([
          `模拟 ${planned.devices.length} 块表,拨入 ${to}。Ctrl-C 结束。`,
          `${planned.devices.length} simulated meter(s) dial in at ${to}. Ctrl-C to end.`,
        ]),
      )
    return dtu.close
  }
}

const stateWords = {
  connected: ['已拨入', 'Connected'],
  lost: ['连接断了,稍后再拨', 'The connection is lost; dialling again'],
  refused: ['拨不进,稍后再拨', 'Cannot dial in; trying again'],
} as const

const toldOf = ({ devices, followed, badRows }: PlannedMeters) => ({
  meters: devices.map(toldMeter),
  ...(followed.length === 0
    ? {}
    : {
        replay: {
          badRows,
          homes: followed.map(({ key, rows, firstMs, lastMs }) => ({
            key,
            rows,
            from: new Date(firstMs).toISOString(),
            to: new Date(lastMs).toISOString(),
          })),
        },
      }),
})

function toldMeter({ protocol, address, shows }: SimulatedDevice) {
  const { value, unit } = shows()
  return { protocol, address, value, unit }
}

function bytesOf(text: string, flag: string): Uint8Array {
  if (text === '') return new Uint8Array(0)
  return (
    parseDtuText(text) ??
    wrongUse(
      `${flag} 应为文本,或 hex: 加十六进制,不是 ${text}`,
      `${flag} takes text, or hex: and pairs of digits, not ${text}`,
    )
  )
}
