import { editRecord } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, parsePairs, wrongUse } from '../../flags.ts'
import { deviceSetFlag, isDeviceField } from '../../station/device-flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { fieldNamed, parseFields } from '../../station/typed-fields.ts'

export default class DeviceEdit extends DoorstepCommand {
  static override description =
    '改一台设备的资料:厂家、价格、谁出钱、电池、保修 · Change what is known of a device: maker, price, who pays, battery, warranty'
  static override examples = [
    'doorstep device edit de-7f2 --set maker=某厂 --set priceYuan=68 --set paidBy=community',
    'doorstep device edit de-7f2 --set batteryOn=2026-11-26',
  ]
  static override args = { DEVICE: idArg('设备编号 · id of the device') }
  static override flags = { set: deviceSetFlag }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceEdit)
    if (!flags.set) wrongUse('要改什么?--set 名称=值', 'what is to be changed? --set FIELD=VALUE')
    const typed: Record<string, string> = {}
    for (const [name, text] of Object.entries(parsePairs('--set', flags.set ?? []))) {
      const field = this.must(fieldNamed('device', name))
      if (!isDeviceField(field))
        wrongUse(
          `${field} 不在这里改;更换用 device replace,停用用 device retire`,
          `${field} is not set here: device replace puts another in its place, device retire ends it`,
        )
      typed[field] = text
    }
    const set = this.must(parseFields('device', typed))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    const { changed, entries } = this.must(await editRecord(station, { record: id, set }))
    this.print(
      changed
        ? this.words(['已存好。', 'Saved.'])
        : this.words(['本来就是这样,没有改动。', 'It was so already.']),
    )
    return { device: id, changed, entries }
  }
}
