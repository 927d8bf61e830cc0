import { setAway, setNominal, setReturned } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickPerson } from '../../station/pick-person.ts'
import { changeFlags, changeOf } from '../../station/residence-change.ts'

export default class PersonAway extends DoorstepCommand {
  static override description = '外出;回来了;或只是空挂 · Away; back again; or registered only'
  static override examples = [
    'doorstep person away pe-7f2 --reason 在女儿家',
    'doorstep person away pe-7f2 --back',
  ]
  static override args = { PERSON: idArg('人员编号,或姓名 · id, or the name') }
  static override flags = {
    ...changeFlags,
    back: Flags.boolean({ exclusive: ['nominal'], description: '回来了 · is back' }),
    nominal: Flags.boolean({ description: '空挂:户口在,人不住 · registered here, not living here' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonAway)
    const station = await this.open(flags)
    const { id } = this.must(pickPerson(station, args.PERSON, this.language))
    const change = this.must(await changeOf(station, id, new GivenText(), flags, this.language))
    const set = flags.back ? setReturned : flags.nominal ? setNominal : setAway
    const changed = this.must(await set(station, change))
    this.print(
      flags.back
        ? this.words([`已记下:${changed.on} 回来。`, `Noted: back on ${changed.on}.`])
        : flags.nominal
          ? this.words(['已记下:空挂。', 'Noted: registered only.'])
          : this.words([`已记下:${changed.on} 起外出。`, `Noted: away since ${changed.on}.`]),
    )
    return changed
  }
}
