import { dayTally } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { dayFlag, gridFlag } from '../flags.ts'
import { recordsOfGrid } from '../station/pick-record.ts'
import { todayOf } from '../station/today.ts'
import { dayText } from '../voice/day-text.ts'
import { diaryJson } from '../voice/diary-text.ts'

export default class Day extends DoorstepCommand {
  static override description =
    '一天的账:做了什么,还剩什么,明天从哪里开始 · What a day came to, and where tomorrow begins'
  static override flags = {
    on: dayFlag({ description: '哪一天,默认今天 · which day, today if not given' }),
    mine: Flags.boolean({ description: '只算我做的 · only what I did myself' }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Day)
    const station = await this.open(flags)
    const { language } = this
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    const now = todayOf(station, language)
    const tally = dayTally(set, {
      on: flags.on ?? now.today,
      language,
      ...(flags.mine ? { by: station.identity.member } : {}),
      ...(grid ? { grid: grid.space } : {}),
    })
    const { onlyHere } = station.ownWork()
    this.print(dayText(tally, onlyHere, language))
    const { open, tomorrow, ...counts } = tally
    return {
      ...counts,
      open: open.map(diaryJson),
      onlyHere,
      tomorrow: {
        count: tomorrow.count,
        first: tomorrow.first && { household: tomorrow.first.household, address: tomorrow.first.address },
      },
    }
  }
}
