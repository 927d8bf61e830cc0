import { openRecordSet, retentionTable } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { say } from '../../voice/language.ts'
import { retentionText } from '../../voice/retention-text.ts'

export default class RetentionTable extends DoorstepCommand {
  static override description = '哪类记录保存多久,依据是什么 · How long records are kept, and why'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(RetentionTable)
    const station = await this.open(flags)
    const rows = retentionTable(openRecordSet(station, { follow: false, spaces: [] }))
    this.print(retentionText(rows, this.language))
    return {
      table: rows.map(({ label, from, source, ...row }) => ({
        ...row,
        label: say(this.language, label),
        from: say(this.language, from),
        source: say(this.language, source),
      })),
    }
  }
}
