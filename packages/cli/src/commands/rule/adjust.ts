import { adjustDevice } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { ruleLimits } from '../../station/pick-rule.ts'

export default class RuleAdjust extends DoorstepCommand {
  static override description =
    '一台设备另用数值,比如误报之后 · Other limits for one device, as after a false alarm'
  static override examples = [
    'doorstep rule adjust de-7f2 water-none-24h --set below=0.004 --reason 独居,用水很少 --alarm al-3c1',
    'doorstep rule adjust de-7f2 water-none-24h --back --reason 儿子搬回来了',
  ]
  static override args = {
    DEVICE: idArg('设备编号 · id of the device'),
    CODE: idArg('规则代码 · code of the rule'),
  }
  static override flags = {
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'LIMIT=VALUE',
      exclusive: ['off', 'back'],
      description: '从此用的数值,全部写出 · the limits that hold from now on, all of them',
    }),
    off: Flags.boolean({ exclusive: ['back'], description: '对它停用 · switch the rule off for it' }),
    back: Flags.boolean({ description: '重新照社区的 · as the community has it again' }),
    reason: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '为什么 · why' }),
    alarm: Flags.string({ description: '让人看出这一点的误报 · the false alarm that taught it' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(RuleAdjust)
    const limits = ruleLimits(flags.set ?? [])
    if (Object.keys(limits).length === 0 && !flags.off && !flags.back)
      wrongUse('要写 --set、--off 或 --back', 'give --set, --off or --back')
    const reason = this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id: device } = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    const alarm =
      flags.alarm === undefined
        ? null
        : this.must(pickRecord(station, 'alarm', flags.alarm, this.language)).id
    const { entries } = this.must(
      await adjustDevice(station, {
        device,
        rule: args.CODE,
        limits,
        disabled: flags.off,
        reason,
        ...(alarm === null ? {} : { alarm }),
      }),
    )
    this.print(
      this.words([
        `已存好。看这条规则:doorstep rule show ${args.CODE}`,
        `Saved. To see the rule: doorstep rule show ${args.CODE}`,
      ]),
    )
    return { device, code: args.CODE, limits, disabled: flags.off, alarm, entries }
  }
}
