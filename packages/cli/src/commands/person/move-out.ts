import { moveOut } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickPerson } from '../../station/pick-person.ts'
import { changeFlags, changeOf } from '../../station/residence-change.ts'

export default class PersonMoveOut extends DoorstepCommand {
  static override description = '搬走:日期和去向 · Moved out: when, and where to'
  static override examples = ['doorstep person move-out pe-7f2 --on 2026-11-20 --to 外省']
  static override args = { PERSON: idArg('人员编号,或姓名 · id, or the name') }
  static override flags = {
    ...changeFlags,
    to: Flags.string({ helpValue: 'TEXT|@-', description: '去向 · where to' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonMoveOut)
    const given = new GivenText()
    const destination = flags.to === undefined ? undefined : this.must(await given.value(flags.to))
    const station = await this.open(flags)
    const { id } = this.must(pickPerson(station, args.PERSON, this.language))
    const change = this.must(await changeOf(station, id, given, flags, this.language))
    const moved = this.must(
      await moveOut(station, { ...change, ...(destination === undefined ? {} : { destination }) }),
    )
    this.print(
      this.words([
        `已记下:${moved.on} 搬走。记错了:doorstep person undo ${id.slice(0, 9)} --reason …`,
        `Noted: moved out on ${moved.on}. A mistake? doorstep person undo ${id.slice(0, 9)} --reason …`,
      ]),
    )
    return moved
  }
}
