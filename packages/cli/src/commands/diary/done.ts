import { tickDiary } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'

export default class DiaryDone extends DoorstepCommand {
  static override description = '办好了,打勾 · Tick what was to be done'
  static override args = { ID: idArg('日记编号 · id of the line') }
  static override flags = {
    note: Flags.string({ helpValue: 'TEXT|@-', description: '怎么办的 · how it was done' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DiaryDone)
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'diary', args.ID, this.language))
    const ticked = this.must(await tickDiary(station, { diary: id, ...(note === undefined ? {} : { note }) }))
    this.print(this.words(['已打勾。', 'Ticked.']))
    return ticked
  }
}
