import { openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { listDevices } from '../../station/devices.ts'
import { todayOf } from '../../station/today.ts'
import { devicesText } from '../../voice/device-text.ts'

export default class DeviceList extends DoorstepCommand {
  static override description =
    '住户家里的表计和设备,和到期日 · Meters and other devices in homes, and when they expire'
  static override flags = {
    all: Flags.boolean({ description: '停用的也列 · the retired too' }),
    expiring: Flags.boolean({ description: '只列到期的 · only what has expired' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DeviceList)
    const station = await this.open(flags)
    const { today } = todayOf(station, this.language)
    const devices = listDevices(openRecordSet(station, { follow: false }), {
      language: this.language,
      on: today,
      all: flags.all,
    }).filter(({ expired }) => expired || !flags.expiring)
    this.print(devicesText(devices, this.language))
    return { devices }
  }
}
