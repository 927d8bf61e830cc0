import { moveIn } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { pickPerson } from '../../station/pick-person.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { residenceChoice, residenceFlags } from '../../station/resident-flags.ts'

export default class PersonMoveIn extends DoorstepCommand {
  static override description = '登记过的人搬进一户 · Somebody on the register moves into a household'
  static override examples = ['doorstep person move-in pe-7f2 1-2-301 --relation 子女 --from 2026-11-01']
  static override args = {
    PERSON: idArg('人员编号,或姓名 · id, or the name'),
    HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301'),
  }
  static override flags = {
    ...residenceFlags,
    state: Flags.string({ description: '居住状态:在住、外出、空挂 · present, away, nominal' }),
    from: dayFlag({ description: '从哪天住起 · lives here since' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonMoveIn)
    const details = {
      relation: this.must(residenceChoice('relation', flags.relation)),
      kind: this.must(residenceChoice('kind', flags.kind)),
      state: this.must(residenceChoice('state', flags.state)),
      from: flags.from,
    }
    const station = await this.open(flags)
    const person = this.must(pickPerson(station, args.PERSON, this.language))
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const moved = this.must(
      await moveIn(station, {
        person: person.id,
        household: household.id,
        ...Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
      }),
    )
    this.print(this.words(['已记下:迁入。', 'Noted: moved in.']))
    return { household: household.id, ...moved }
  }
}
