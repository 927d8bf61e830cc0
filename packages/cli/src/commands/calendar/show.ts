import { formatHours, openRecordSet, workCalendarOf, yearDays } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { todayOf } from '../../station/today.ts'
import { announcedSource, calendarText } from '../../voice/calendar-text.ts'

export default class CalendarShow extends DoorstepCommand {
  static override description =
    '一年的工作时间、假日和调休 · Working hours, holidays and worked weekends of a year'
  static override args = {
    year: Args.integer({ min: 1900, max: 9998, description: '年份,不写是今年 · the year, else this one' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CalendarShow)
    const station = await this.open(flags)
    const calendar = workCalendarOf(openRecordSet(station, { follow: false }))
    const { today, timeZone } = todayOf(station, this.language)
    const known = calendar.year(args.year ?? Number(today.slice(0, 4)))
    // Only what differs from the plain week: the rest is weekdays.
    const days = yearDays(calendar, known.year).filter(({ source, name }) => source !== 'weekday' || name)
    const hours = formatHours(calendar.hours)
    this.print(calendarText({ known, days, hours }, this.language))
    return {
      ...known,
      timeZone,
      hours,
      dayMinutes: calendar.dayMinutes,
      days: days.map(({ day, works, name, source }) => ({
        date: day,
        kind: works ? 'workday' : 'holiday',
        name,
        source,
      })),
      announced: announcedSource(),
    }
  }
}
