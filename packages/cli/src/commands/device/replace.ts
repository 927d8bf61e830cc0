import { replaceDevice } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg, parsePairs } from '../../flags.ts'
import { deviceSetFlag, registerFlag } from '../../station/device-flags.ts'
import { lineAddress } from '../../station/devices.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { parseFields } from '../../station/typed-fields.ts'
import { shortId } from '../../voice/value-text.ts'

export default class DeviceReplace extends DoorstepCommand {
  static override description =
    '换表、换报警器:旧的停用,历史分开 · A meter or an alarm is changed: the old one is retired, each keeps its own history'
  static override examples = [
    'doorstep device replace de-7f2 --last 1234.56 --first 0 --address 000000000200',
    'doorstep device replace de-19c --set maker=某厂 --set model=JT-1',
  ]
  static override args = { DEVICE: idArg('旧设备编号 · id of the old device') }
  static override flags = {
    last: registerFlag('旧表最后读数 · last register of the old one'),
    first: registerFlag('新表起始读数 · first register of the new one'),
    address: Flags.string({ description: '新的通信地址 · address of the new one' }),
    protocol: Flags.string({
      description: '新的协议,默认同旧的 · its protocol; as the old one if not given',
    }),
    on: dayFlag({ description: '哪天换的,默认今天 · on which day; today if not given' }),
    set: deviceSetFlag,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceReplace)
    const set = this.must(parseFields('device', parsePairs('--set', flags.set ?? [])))
    const station = await this.open(flags)
    const device = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    const protocol = flags.protocol ?? device.fields.protocol
    const address =
      flags.address === undefined || typeof protocol !== 'string'
        ? null
        : this.must(lineAddress(protocol, flags.address))
    const done = this.must(
      await replaceDevice(station, {
        device: device.id,
        ...(flags.on === undefined ? {} : { on: flags.on }),
        ...(flags.last === undefined ? {} : { lastRegister: flags.last }),
        set: {
          ...set,
          ...(flags.protocol === undefined ? {} : { protocol: flags.protocol }),
          ...(address === null ? {} : { address }),
          ...(flags.first === undefined ? {} : { firstRegister: flags.first }),
        },
      }),
    )
    this.print(
      this.words([
        `已更换:旧 ${shortId(done.replaced)} 停用,新 ${shortId(done.device)}。旧的读数都在。`,
        `Replaced: ${shortId(done.replaced)} is retired, ${shortId(done.device)} is new. What the old one read is kept.`,
      ]),
    )
    return done
  }
}
