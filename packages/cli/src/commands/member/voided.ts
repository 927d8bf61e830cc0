import { listVoided } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { memberNames } from '../../station/names.ts'
import { table } from '../../voice/table.ts'

export default class MemberVoided extends DoorstepCommand {
  static override description =
    '因移除或降级而作废的决定,可由更资深的站长恢复 · Acts that a removal or demotion voided; a senior chief may restore them'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(MemberVoided)
    const station = await this.open(flags)
    const names = memberNames(station)
    const voided = listVoided(station).map((act) => ({
      ...act,
      by: { ...act.by, name: names.get(act.by.member) ?? act.by.member },
    }))
    this.print(
      voided.length === 0
        ? this.words(['没有作废的决定。', 'No act is void.'])
        : table(
            [
              'id',
              this.words(['决定', 'Act']),
              this.words(['谁写的', 'By']),
              this.words(['您能恢复', 'Yours to restore']),
            ],
            voided.map((act) => [
              act.act.slice(0, 12),
              act.type,
              act.by.name,
              act.mayRatify ? this.words(['能', 'yes']) : '–',
            ]),
          ),
    )
    return { voided }
  }
}
