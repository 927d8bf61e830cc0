import { copyPerson, openRecordSet, personCard } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickPerson } from '../../station/pick-person.ts'
import { todayOf } from '../../station/today.ts'
import { personCardJson } from '../../voice/json.ts'
import { copyText, personText } from '../../voice/person-text.ts'
import { copyJson } from '../../voice/privacy-json.ts'

export default class PersonShow extends DoorstepCommand {
  static override description =
    '一个人;--everything 为本人打印我们掌握的全部 · A person; --everything prints all that is held, for them'
  static override examples = ['doorstep person show pe-7f2 --everything --reason 本人要求']
  static override args = { ID: idArg('人员编号,或姓名 · id, or the name') }
  static override flags = {
    everything: Flags.boolean({
      dependsOn: ['reason'],
      description: '明文的全部记录;先记下再给 · all records in plain text; written down first',
    }),
    reason: Flags.string({ dependsOn: ['everything'], helpValue: 'TEXT|@-', description: '原因 · why' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonShow)
    const reason = flags.reason === undefined ? '' : this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id, space } = this.must(pickPerson(station, args.ID, this.language))
    const now = todayOf(station, this.language)
    if (!flags.everything) {
      const set = openRecordSet(station, { follow: false, spaces: [space] })
      const card = personCard(set, id, { on: now.today, language: this.language })
      if (!card) throw new Error(`picked person ${id} is not there`)
      this.print(personText(card, now))
      return personCardJson(card)
    }
    const copy = this.must(await copyPerson(station, id, reason))
    this.print(copyText(copy, now))
    this.tell(['这次导出已记下。', 'That this was given out is written down.'])
    return copyJson(copy)
  }
}
