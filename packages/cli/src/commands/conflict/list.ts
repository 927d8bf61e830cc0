import { listConflicts, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { todayOf } from '../../station/today.ts'
import { conflictsText } from '../../voice/conflict-text.ts'
import { conflictJson } from '../../voice/json.ts'

export default class ConflictList extends DoorstepCommand {
  static override description = '同一处有两种说法的 · What two people wrote differently'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConflictList)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const rows = listConflicts(set, { language: this.language })
    this.print(conflictsText(rows, todayOf(station, this.language)))
    return { conflicts: rows.map((row) => conflictJson(set, row, this.language)) }
  }
}
