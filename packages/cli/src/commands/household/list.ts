import { fail, isMasked, listHouseholds } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { householdsText } from '../../voice/household-text.ts'
import { householdRowJson } from '../../voice/json.ts'

export default class HouseholdList extends DoorstepCommand {
  static override description = '住户,按走的顺序 · Households, as one walks'
  static override flags = {
    grid: gridFlag(),
    tag: Flags.string({ description: '只看有这个标签或类别的 · only with this tag or category' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(HouseholdList)
    const station = await this.open(flags)
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    // To be told who belongs to a group is to be told what somebody is.
    if (flags.tag !== undefined && isMasked('household', 'tags', set.viewer))
      this.must(fail({ type: 'role-may-not', role: set.viewer, action: 'household.tag' }))
    const rows = listHouseholds(set, {
      language: this.language,
      ...(grid ? { grid: grid.space } : {}),
      ...(flags.tag === undefined ? {} : { tag: flags.tag }),
    })
    this.print(householdsText(rows, todayOf(station, this.language)))
    return { households: rows.map(householdRowJson) }
  }
}
