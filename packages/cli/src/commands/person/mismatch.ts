import { addressOf, addressText, listMismatches, shown } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { mismatchesText } from '../../voice/person-text.ts'

export default class PersonMismatch extends DoorstepCommand {
  static override description =
    '人在户不在、户在人不在的人 · Who lives here and is registered elsewhere, or the other way round'
  static override flags = {
    grid: gridFlag(),
    all: Flags.boolean({ description: '一致的和不清楚的也列 · those that agree, and the unknown, too' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PersonMismatch)
    const station = await this.open(flags)
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    const rows = listMismatches(set, {
      on: todayOf(station, this.language).today,
      all: flags.all,
      ...(grid ? { space: grid.space } : {}),
    }).map((row) => ({
      ...row,
      name: shown('person', 'name', set.get(row.person)?.fields.name, set.viewer),
      address: addressText(addressOf(set, set.getA('dwelling', row.dwelling)), this.language),
    }))
    this.print(mismatchesText(rows, this.language))
    return { people: rows }
  }
}
