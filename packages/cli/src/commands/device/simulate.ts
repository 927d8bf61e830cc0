import { createSimulatedMeter, serveSimulatedMeters } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { parseLine } from '../../station/line-address.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'

export default class DeviceSimulate extends DoorstepCommand {
  static override description = '模拟电表,直到 Ctrl-C · Simulated meters, until Ctrl-C'
  static override examples = ['doorstep device simulate --meter 000000000161:1234.56']
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
      helpValue: 'ADDRESS:KWH',
      description: '表地址和起始读数 · address of a meter and where it begins',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(DeviceSimulate)
    const meters = flags.meter.map((text) => {
      const [, address, kilowattHours] = /^(\d{1,12}):(\d{1,6}(?:\.\d{1,2})?)$/.exec(text) ?? []
      if (address === undefined || kilowattHours === undefined)
        return wrongUse(`--meter 应为 地址:度数,不是 ${text}`, `--meter takes ADDRESS:KWH, not ${text}`)
      return { address: address.padStart(12, '0'), startKilowattHours: Number(kilowattHours) }
    })
    const { host, port } = this.must(parseLine(flags.listen))
    const served = this.must(
      await serveSimulatedMeters({ host, port, meters: meters.map((meter) => createSimulatedMeter(meter)) }),
    )
    const listening = { host: served.address, port: served.port }
    const told = meters.map(({ address, startKilowattHours }) => ({
      address,
      kilowattHours: startKilowattHours,
    }))
    if (this.jsonEnabled()) this.logJson({ listening, meters: told })
    else
      this.print(
        this.words([
          `模拟 ${told.length} 块电表,在 ${listening.host}:${listening.port}。Ctrl-C 结束。`,
          `${told.length} simulated meter(s) at ${listening.host}:${listening.port}. Ctrl-C to end.`,
        ]),
      )
    await untilInterrupted()
    await served.close()
  }
}
