import { undoResidence } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickPerson } from '../../station/pick-person.ts'
import { actText } from '../../voice/person-text.ts'

export default class PersonUndo extends DoorstepCommand {
  static override description =
    '撤回一个人最近一次居住变动 · Take back the last change of where somebody lives'
  static override examples = ['doorstep person undo pe-7f2 --reason 记错人了']
  static override args = { PERSON: idArg('人员编号,或姓名 · id, or the name') }
  static override flags = {
    reason: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '原因 · why' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonUndo)
    const reason = this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id } = this.must(pickPerson(station, args.PERSON, this.language))
    const undone = this.must(await undoResidence(station, { person: id, reason }))
    const what = actText(undone.undone, this.language)
    this.print(this.words([`已撤回:${undone.on} ${what}。`, `Taken back: ${what}, ${undone.on}.`]))
    return undone
  }
}
