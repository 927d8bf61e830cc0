import { listDiary } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { pickRecord, recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { diaryJson, diaryText } from '../../voice/diary-text.ts'

export default class DiaryList extends DoorstepCommand {
  static override description = '民情日记,新的在前 · The diary, the newest first'
  static override flags = {
    open: Flags.boolean({ description: '只看还没办的 · only what is still to be done' }),
    about: Flags.string({ description: '只看这一户(编号或门牌)· of this household, by id or door' }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DiaryList)
    const station = await this.open(flags)
    const household =
      flags.about === undefined
        ? null
        : this.must(pickRecord(station, 'household', flags.about, this.language)).id
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    const now = todayOf(station, this.language)
    const rows = listDiary(set, {
      on: now.today,
      open: flags.open,
      language: this.language,
      ...(household === null ? {} : { household }),
      ...(grid ? { grid: grid.space } : {}),
    })
    this.print(diaryText(rows, now))
    return { diary: rows.map(diaryJson) }
  }
}
