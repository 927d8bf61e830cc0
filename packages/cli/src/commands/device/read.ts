import { signals } from '@doorstep/core'
import { parseLineAddress } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { readDevice } from '../../station/read-device.ts'

export default class DeviceRead extends DoorstepCommand {
  static override description = '抄一块表,记为当天的读数 · Read a meter; the reading is kept for the day'
  static override examples = [
    'doorstep device read de-1a2b3c --at 192.168.1.30:8899',
    'doorstep device read de-1a2b3c --at /dev/ttyUSB0@2400',
  ]
  static override args = { DEVICE: idArg('设备编号 · id of the device') }
  static override flags = {
    at: Flags.string({
      required: true,
      helpValue: 'LINE',
      description:
        '线路:主机:端口、modbus-tcp://主机、/dev/ttyUSB0@2400,8E1 · its line: HOST:PORT, modbus-tcp://HOST, /dev/ttyUSB0@2400,8E1',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceRead)
    const address = this.must(parseLineAddress(flags.at))
    const station = await this.open(flags)
    const device = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    using interrupted = abortWhenInterrupted()
    const recorded = this.must(await readDevice(station, device, address, interrupted.signal))
    const { heard, ...kept } = recorded
    const values = heard.map(({ signal, value }) => ({ signal, value, unit: signals[signal].unit }))
    const report = { ...kept, values }
    for (const { signal, value, unit } of values)
      this.print(`${this.words(signals[signal].label)}  ${value} ${unit}`.trimEnd())
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
