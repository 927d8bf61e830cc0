import { fail, isMasked, listPeople } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { peopleText } from '../../voice/person-text.ts'

const STATES = ['present', 'away', 'nominal', 'gone', 'died', 'nowhere'] as const

export default class PersonList extends DoorstepCommand {
  static override description = '人,按走的顺序 · People, as one walks'
  static override examples = [
    'doorstep person list --state away',
    'doorstep person list --category low-income',
  ]
  static override flags = {
    grid: gridFlag(),
    state: Flags.option({ options: STATES })({
      description: '只看在住、外出、空挂、搬走、去世、没有住处的 · only those in this state',
    }),
    category: Flags.string({ description: '只看有这个类别的 · only with this category' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PersonList)
    const station = await this.open(flags)
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    if (flags.category !== undefined && isMasked('person', 'categories', set.viewer))
      this.must(fail({ type: 'role-may-not', role: set.viewer, action: 'household.tag' }))
    const now = todayOf(station, this.language)
    const people = listPeople(set, {
      on: now.today,
      language: this.language,
      ...(grid ? { space: grid.space } : {}),
      ...(flags.state ? { state: flags.state } : {}),
      ...(flags.category === undefined ? {} : { category: flags.category }),
    })
    this.print(peopleText(people, this.language))
    return { people }
  }
}
