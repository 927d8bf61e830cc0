import { type LineAddress, parseLineAddress } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { readMetersOnce } from '../../gateway/read-meters.ts'
import { serveFlags } from '../../station/serve-flags.ts'
import { serveStation } from '../../station/serve-station.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'
import { wordingOf } from '../../voice/problems.ts'

export default class GatewayRun extends DoorstepCommand {
  static override description =
    '网关:转送、留存、抄表,直到 Ctrl-C · Gateway: relay, keep, read meters, until Ctrl-C'
  static override flags = {
    ...serveFlags,
    line: Flags.string({
      description:
        '表计线路,如 192.168.1.30:8899 或 /dev/ttyUSB0@2400 · a line of meters, as 192.168.1.30:8899 or /dev/ttyUSB0@2400',
    }),
    every: Flags.integer({ default: 900, min: 1, description: '抄表间隔,秒 · seconds between readings' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(GatewayRun)
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
    station: Parameters<typeof readMetersOnce>[0],
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
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, everyMs)
        signal.addEventListener('abort', wake)
      })
    }
  }

  /** One document was printed when listening began; there is none at the end. */
  protected override toSuccessJson(): unknown {
    return undefined
  }
}
