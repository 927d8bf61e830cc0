import { openRecordSet, setRule } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRule, RULE_FIELDS, ruleFields } from '../../station/pick-rule.ts'
import { ruleText } from '../../voice/watch-text.ts'

export default class RuleSet extends DoorstepCommand {
  static override description =
    '改一条规则,停用它,或加一条自己的(站长)· Change a rule, disable it, or add one of your own (chiefs)'
  static override examples = [
    'doorstep rule set water-none-24h --set below=0.008 --set source=宁波海曙',
    'doorstep rule set door-open-long --set disabled=yes',
    'doorstep rule set water-none-48h --set kind=no-use --set signal=water --set hours=48 --set below=0.01',
  ]
  static override args = { CODE: idArg('规则代码 · code of the rule') }
  static override flags = {
    set: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD=VALUE',
      description: `空值交还给程序 · an empty value gives it back to the program; ${RULE_FIELDS.join(', ')}`,
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(RuleSet)
    const set = ruleFields(flags.set, RULE_FIELDS)
    const station = await this.open(flags)
    const { record, entries } = this.must(await setRule(station, { code: args.CODE, set }))
    const rule = this.must(pickRule(openRecordSet(station, { follow: false, spaces: [] }), args.CODE))
    this.print(ruleText(rule, [], this.language))
    return { record, code: args.CODE, entries }
  }
}
