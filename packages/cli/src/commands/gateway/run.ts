import { resolve } from 'node:path'
import type { Station } from '@doorstep/core'
import { type LineAddress, parseLineAddress } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { readMetersOnce } from '../../gateway/read-meters.ts'
import { rest } from '../../gateway/supervise.ts'
import { type ServeFlags, serveFlags } from '../../station/serve-flags.ts'
import { serveStation } from '../../station/serve-station.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'
import { wordingOf } from '../../voice/problems.ts'

type RunFlags = ServeFlags & {
  readonly line?: string | undefined
  readonly every: number
  readonly home?: string | undefined
}

export default class GatewayRun extends DoorstepCommand {
  static override description =
    '网关:转送、留存、抄表、看规则,直到 Ctrl-C · Gateway: relay, keep, read meters, watch, until Ctrl-C'
  static override examples = [
    'doorstep gateway init /etc/doorstep/gateway.yaml',
    'doorstep gateway run --config /etc/doorstep/gateway.yaml',
    'doorstep gateway run --line 192.168.1.30:8899   # 不用配置,只抄一条线路 · one line, without a configuration',
  ]
  static override flags = {
    ...serveFlags,
    line: Flags.string({
      description:
        '表计线路,如 192.168.1.30:8899 或 /dev/ttyUSB0@2400 · a line of meters, as 192.168.1.30:8899 or /dev/ttyUSB0@2400',
    }),
    config: Flags.string({
      helpValue: 'FILE',
      description: '配置文件;其余选项都在里面 · configuration; everything else is in it',
      exclusive: ['line', 'peer', 'signaling', 'signaling-listen'],
    }),
    every: Flags.integer({ default: 900, min: 1, description: '抄表间隔,秒 · seconds between readings' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(GatewayRun)
    if (flags.config === undefined) await this.#runPlain(flags)
    else await this.#runDaemon(resolve(flags.config))
  }

  /** Everything that a gateway is: what it does is in the file. Loaded here, for the plain way needs none of it. */
  async #runDaemon(file: string): Promise<void> {
    const { readConfig } = await import('../../gateway/config.ts')
    const { runDaemon } = await import('../../gateway/run-daemon.ts')
    const config = this.must(readConfig(file))
    const station = await this.open({ home: config.home, 'key-file': config.keyFile })
    const { removed } = this.must(
      await runDaemon({
        station,
        config,
        configFile: file,
        version: this.config.version,
        out: this.jsonEnabled() ? process.stderr : process.stdout,
        onReady: (gateway) => {
          if (gateway.serving && this.jsonEnabled())
            this.tellListening(gateway.serving, station, ['网关', 'The gateway'])
        },
        until: untilInterrupted(),
      }),
    )
    if (removed) await this.retireIfRemoved(station)
  }

  async #runPlain(flags: RunFlags): Promise<void> {
    const station = await this.open(flags)
    const serving = this.must(await serveStation(station, this.serveOptions(flags)))
    this.tellListening(serving, station, ['网关', 'The gateway'])
    const stop = new AbortController()
    const reading = flags.line
      ? this.readOn(station, this.must(parseLineAddress(flags.line)), flags.every * 1000, stop.signal)
      : Promise.resolve()
    await Promise.race([untilInterrupted(), serving.removed])
    stop.abort()
    await reading
    await serving.close()
    await this.retireIfRemoved(station)
  }

  /** Reads, waits, reads again; what fails is said and tried again next time. */
  private async readOn(
    station: Station,
    line: LineAddress,
    everyMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    let toldSkipped = ''
    while (!signal.aborted) {
      const round = await readMetersOnce(station, line, signal)
      if (signal.aborted) return
      if (!round.ok) {
        const { message } = wordingOf(round.problem, this.language)
        this.tell([`抄表失败:${message}`, `Reading failed: ${message}`])
      } else if (round.value.read + round.value.failed.length > 0)
        this.tell([
          `抄表 ${round.value.read} 只,记入 ${round.value.recorded} 只,失败 ${round.value.failed.length} 只`,
          `Read ${round.value.read} meters, recorded ${round.value.recorded}, failed ${round.value.failed.length}`,
        ])
      const skipped = round.ok ? round.value.skipped : []
      const said = skipped.map(({ device }) => device).join(' ')
      // Once, and again when it changes: it is no trouble that passes by itself.
      if (said !== toldSkipped && skipped.length > 0)
        this.tell([
          `没有同意、不抄的设备 ${skipped.length} 个:${said}\n  doorstep consent give 住户 --purpose 用途 --how paper`,
          `${skipped.length} devices not read, for want of consent: ${said}\n  doorstep consent give HOUSEHOLD --purpose PURPOSE --how paper`,
        ])
      toldSkipped = said
      await rest(everyMs, signal)
    }
  }

  /** One document was printed when listening began; there is none at the end. */
  protected override toSuccessJson(): unknown {
    return undefined
  }
}
