import { recordTypes, retireDevice, type WhyRetired } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { registerFlag } from '../../station/device-flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { shortId } from '../../voice/value-text.ts'

const REASONS = Object.keys(recordTypes.device.fields.retiredBecause.choices) as WhyRetired[]

export default class DeviceRetire extends DoorstepCommand {
  static override description =
    '停用一台设备:不再读,同意到此为止,网关删原始读数 · Retire a device: it is not read any more, its consent ends, gateways erase what they read'
  static override examples = ['doorstep device retire de-7f2 --because resident-asked']
  static override args = { DEVICE: idArg('设备编号 · id of the device') }
  static override flags = {
    because: Flags.option({ options: REASONS.filter((one) => one !== 'replaced') })({
      required: true,
      description: '为什么 · why',
    }),
    last: registerFlag('最后读数 · its last register'),
    on: dayFlag({ description: '从哪天起,默认今天 · from which day on; today if not given' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceRetire)
    const station = await this.open(flags)
    const device = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    const done = this.must(
      await retireDevice(station, {
        device: device.id,
        because: flags.because,
        ...(flags.on === undefined ? {} : { on: flags.on }),
        ...(flags.last === undefined ? {} : { lastRegister: flags.last }),
      }),
    )
    const ended = done.consentsEnded.length
    const erase = `doorstep retention erase ${shortId(device.id)} --reason resident-asked`
    this.print(
      this.words([
        `已停用 ${shortId(device.id)}。${ended > 0 ? `为它给的同意 ${ended} 份到此为止。` : ''}网关下次同步后删掉它的原始读数,并记下。\n每日读数还在设备记录里;住户要求连它一起删(站长或网关):\n  ${erase}`,
        `${shortId(device.id)} is retired. ${ended > 0 ? `${ended} consent(s) for it end here. ` : ''}The gateway erases its raw readings when it next syncs, and notes that it did.\nIts daily readings stay on its record; where the resident asks for those to go too (chief or steward):\n  ${erase}`,
      ]),
    )
    return done
  }
}
