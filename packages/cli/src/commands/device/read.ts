import { signals } from '@doorstep/core'
import { parseLineAddress } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { readDevice } from '../../station/read-device.ts'
import { shortId } from '../../voice/value-text.ts'

export default class DeviceRead extends DoorstepCommand {
  static override description = '抄一块表,记为当天的读数 · Read a meter; the reading is kept for the day'
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
    const { heard: _heard, ...report } = recorded
    // It answered, but not to what its record says first: a gateway would ask in vain.
    if (recorded.protocol !== device.fields.protocol && recorded.protocol === 'dlt645:1997')
      this.tell([
        `这块表用的是 1997 版协议。记下来:\n  doorstep device edit ${shortId(device.id)} --set protocol=${recorded.protocol}`,
        `This meter speaks the 1997 edition. Note it:\n  doorstep device edit ${shortId(device.id)} --set protocol=${recorded.protocol}`,
      ])
    for (const { signal, value } of recorded.heard)
      this.print(`${this.words(signals[signal].label)}  ${value} ${signals[signal].unit}`.trimEnd())
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
