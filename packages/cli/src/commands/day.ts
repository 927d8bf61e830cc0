import { caseNotices, caseWarnings, dayTally, unknownCalendarYears } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { dayFlag, gridFlag } from '../flags.ts'
import { recordsOfGrid } from '../station/pick-record.ts'
import { todayOf } from '../station/today.ts'
import { unknownYearText } from '../voice/calendar-text.ts'
import { noticeText } from '../voice/case-text.ts'
import { clockText } from '../voice/clock-text.ts'
import { dayText } from '../voice/day-text.ts'
import { diaryJson } from '../voice/diary-text.ts'
import { isoTime } from '../voice/time.ts'

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
    const me = station.identity.member
    const notices = caseNotices(set, me, station.now, station.member()?.role === 'chief')
    const warnings = caseWarnings(set, station.now, { language, ...(grid ? { grid: grid.space } : {}) })
    const unknownYears = unknownCalendarYears(set, station.now)
    const [late, soon] = (['late', 'soon'] as const).map((level) =>
      warnings.filter((one) => one.level === level),
    )
    for (const one of notices) this.print(`! ${noticeText(one, language)}`)
    for (const one of late!) this.print(`! ${one.title ?? ''}  ${clockText(one, language)}`)
    if (unknownYears.length > 0) this.print(unknownYearText(unknownYears, language))
    const { open, tomorrow, ...counts } = tally
    return {
      ...counts,
      open: open.map(diaryJson),
      onlyHere,
      lateCases: late!.map(({ id }) => id),
      soonLateCases: soon!.map(({ id }) => id),
      caseNotices: notices.map(({ by, atMs, ...one }) => ({
        ...one,
        by: by?.member ?? null,
        at: isoTime(atMs),
      })),
      unknownCalendarYears: unknownYears,
      tomorrow: {
        count: tomorrow.count,
        first: tomorrow.first && { household: tomorrow.first.household, address: tomorrow.first.address },
      },
    }
  }
}
