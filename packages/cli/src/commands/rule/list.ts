import { openRecordSet, rulesOf } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { ruleJson, rulesText } from '../../voice/watch-text.ts'

export default class RuleList extends DoorstepCommand {
  static override description =
    '监测规则:什么算不对,多急 · Rules about readings: what is wrong, and how urgent'
  static override flags = {
    all: Flags.boolean({ description: '连停用的 · disabled ones too' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(RuleList)
    const station = await this.open(flags)
    const rules = rulesOf(openRecordSet(station, { follow: false, spaces: [] }))
    const shown = rules.filter(({ disabled }) => flags.all || !disabled)
    this.print(rulesText(shown, this.language))
    return { rules: shown.map(ruleJson) }
  }
}
