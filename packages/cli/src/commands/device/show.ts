import { openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { deviceCard } from '../../station/device-card.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { deviceCardText } from '../../voice/device-life-text.ts'

export default class DeviceShow extends DoorstepCommand {
  static override description =
    '一台设备:谁的、几时到期、在不在线、换过什么 · One device: whose, when it expires, whether it is heard, what it replaced'
  static override args = { DEVICE: idArg('设备编号 · id of the device') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceShow)
    const station = await this.open(flags)
    const device = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    const set = openRecordSet(station, { follow: false, spaces: [device.space] })
    const { today } = todayOf(station, this.language)
    const card = deviceCard(set, set.getA('device', device.id) ?? device, today, this.language)
    this.print(deviceCardText(card, this.language))
    return card
  }
}
