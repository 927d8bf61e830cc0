import { recordDeath } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { pickPerson } from '../../station/pick-person.ts'

export default class PersonDied extends DoorstepCommand {
  static override description = '去世 · Somebody died'
  static override examples = ['doorstep person died pe-7f2 --on 2026-11-20']
  static override args = { PERSON: idArg('人员编号,或姓名 · id, or the name') }
  static override flags = { on: dayFlag({ required: true, description: '哪天 · on which day' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonDied)
    const station = await this.open(flags)
    const { id } = this.must(pickPerson(station, args.PERSON, this.language))
    const changed = this.must(await recordDeath(station, { person: id, on: flags.on }))
    this.print(
      this.words([
        `已记下。居住到 ${changed.on} 为止;记错了:doorstep person undo ${id.slice(0, 9)} --reason …`,
        `Noted. Residences end on ${changed.on}. A mistake? doorstep person undo ${id.slice(0, 9)} --reason …`,
      ]),
    )
    return changed
  }
}
