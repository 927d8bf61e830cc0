import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { parseLine } from '../../station/line-address.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { readDevice } from '../../station/read-device.ts'

export default class DeviceRead extends DoorstepCommand {
  static override description = '抄一块表,记为当天的读数 · Read a meter; the reading is kept for the day'
  static override args = { DEVICE: idArg('设备编号 · id of the device') }
  static override flags = {
    at: Flags.string({
      required: true,
      helpValue: 'HOST:PORT',
      description: '串口服务器或 DTU 的地址 · where its line is reached over TCP',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceRead)
    const address = this.must(parseLine(flags.at))
    const station = await this.open(flags)
    const device = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    using interrupted = abortWhenInterrupted()
    const { reading, ...recorded } = this.must(await readDevice(station, device, address, interrupted.signal))
    const report = { ...recorded, name: reading.name[this.language], missing: reading.missing }
    this.print(`${report.name}  ${report.value} ${report.unit}`)
    this.tell(
      recorded.changed
        ? [`已记为 ${recorded.on} 的读数。`, `Kept as the reading of ${recorded.on}.`]
        : [
            `${recorded.on} 已有同样的读数,没有再记。`,
            `${recorded.on} has this reading already; nothing was written.`,
          ],
    )
    return report
  }
}
