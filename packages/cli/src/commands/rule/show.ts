import { deviceRulesOf, openRecordSet, titleOf } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRule } from '../../station/pick-rule.ts'
import { ruleJson, ruleText } from '../../voice/watch-text.ts'

export default class RuleShow extends DoorstepCommand {
  static override description =
    '一条规则,和另有规定的设备 · One rule, and the devices that have limits of their own'
  static override args = { CODE: idArg('规则代码 · code of the rule') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(RuleShow)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const rule = this.must(pickRule(set, args.CODE))
    const devices = [...set.ofType('device')].flatMap((device) => {
      const own = deviceRulesOf(device)[rule.id]
      return own ? [{ device: device.id, title: titleOf(set, device, this.language), own }] : []
    })
    this.print(ruleText(rule, devices, this.language))
    return {
      ...ruleJson(rule),
      devices: devices.map(({ device, own: { rule: _, atMs, ...own } }) => ({
        device,
        ...own,
        at: new Date(atMs).toISOString(),
      })),
    }
  }
}
