import { openRecordSet, workCalendarOf } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { todayOf } from '../../station/today.ts'
import { announcedSource, yearsText } from '../../voice/calendar-text.ts'

export default class CalendarList extends DoorstepCommand {
  static override description = '哪些年份知道节假日 · Of which years the holidays are known'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CalendarList)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const calendar = workCalendarOf(set)
    const thisYear = Number(todayOf(station, this.language).today.slice(0, 4))
    const named = [...set.ofType('calendar')]
      .map(({ fields }) => Number(fields.year))
      .filter(Number.isInteger)
    const shown = new Set([thisYear - 1, thisYear, thisYear + 1, ...named])
    const years = [...shown].sort((a, b) => a - b).map((year) => calendar.year(year))
    this.print(yearsText(years, this.language))
    return { years, announced: announcedSource() }
  }
}
