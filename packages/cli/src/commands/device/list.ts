import { openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { listDevices } from '../../station/devices.ts'
import { devicesText } from '../../voice/device-text.ts'

export default class DeviceList extends DoorstepCommand {
  static override description = '住户家里的表计和设备 · Meters and other devices in homes'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DeviceList)
    const station = await this.open(flags)
    const devices = listDevices(openRecordSet(station, { follow: false }), this.language)
    this.print(devicesText(devices, this.language))
    return { devices }
  }
}
