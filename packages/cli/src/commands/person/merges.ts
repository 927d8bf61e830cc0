import { listMerges, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { mergeJson, mergesText } from '../../voice/merge-text.ts'

export default class PersonMerges extends DoorstepCommand {
  static override description =
    '合并过的,和说过不是同一个人的 · What was merged, and what was said not to be the same'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PersonMerges)
    const set = openRecordSet(await this.open(flags), { follow: false })
    const rows = listMerges(set, 'person')
    this.print(mergesText(set, rows, this.language))
    return { merges: rows.map(mergeJson) }
  }
}
