import { openDuplicates } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { duplicateJson, duplicatesText } from '../../voice/merge-text.ts'

export default class HouseholdDuplicates extends DoorstepCommand {
  static override description = '可能是同一户的,带理由 · Households that may be one, and why'
  static override flags = { grid: gridFlag() }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(HouseholdDuplicates)
    const station = await this.open(flags)
    const { grid } = this.must(recordsOfGrid(station, flags.grid))
    // The other of two may be in a grid that was not asked for.
    const { set } = this.must(recordsOfGrid(station, undefined))
    const found = await openDuplicates(set)
    const rows = found.list('household', grid ? { space: grid.space } : {})
    this.print(duplicatesText(set, 'household', rows, this.language))
    return { duplicates: rows.map((row) => duplicateJson(set, row)) }
  }
}
