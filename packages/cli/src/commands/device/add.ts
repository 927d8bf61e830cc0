import { recordTypes } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg, parsePairs } from '../../flags.ts'
import { deviceSetFlag as setFlag } from '../../station/device-flags.ts'
import { addDevice } from '../../station/devices.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { parseFields } from '../../station/typed-fields.ts'
import { shortId } from '../../voice/value-text.ts'

export default class DeviceAdd extends DoorstepCommand {
  static override description = '登记一户家里的表计或报警器 · Note a meter or an alarm in a home'
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    kind: Flags.string({
      required: true,
      options: Object.keys(recordTypes.device.fields.kind.choices),
      description: '种类 · kind',
    }),
    protocol: Flags.string({
      dependsOn: ['address'],
      description:
        '协议 · protocol: dlt645, cjt188, mbus, modbus:xintai-water, modbus:water=3:0001:f32:DCBA, mqtt, utility',
    }),
    address: Flags.string({
      dependsOn: ['protocol'],
      description: '通信地址,见表面;不联网的不写 · address, as printed on it; none for what is not read',
    }),
    name: Flags.string({ description: '名称 · name' }),
    installed: dayFlag({ description: '安装日期,默认今天 · day of installation; today if not given' }),
    set: setFlag,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceAdd)
    const set = this.must(parseFields('device', parsePairs('--set', flags.set ?? [])))
    const station = await this.open(flags)
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const added = this.must(
      await addDevice(station, {
        household,
        kind: flags.kind,
        set: { installedOn: flags.installed ?? todayOf(station, this.language).today, ...set },
        ...(flags.protocol === undefined ? {} : { protocol: flags.protocol }),
        ...(flags.address === undefined ? {} : { address: flags.address }),
        ...(flags.name === undefined ? {} : { name: flags.name }),
      }),
    )
    const id = shortId(added.device)
    const [zh, en] = nextStep(flags.protocol, id)
    this.print(this.words([`已登记:设备 ${id}${zh}`, `Noted: device ${id}${en}`]))
    return { ...added, household: household.id, kind: flags.kind }
  }
}

/** Nothing goes to a device that speaks by itself, and an operator's meters come from the operator. */
function nextStep(protocol: string | undefined, id: string): readonly [zh: string, en: string] {
  if (protocol === undefined) return ['', '']
  if (protocol === 'mqtt')
    return ['\n  网关听到它就会记下。', '\n  The gateway keeps what it says from now on.']
  if (protocol === 'utility')
    return [
      '\n  doorstep device import 文件 --mapping 对照文件',
      '\n  doorstep device import FILE --mapping FILE',
    ]
  return [`\n  doorstep device read ${id} --at 线路`, `\n  doorstep device read ${id} --at LINE`]
}
