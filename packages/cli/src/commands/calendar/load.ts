import { loadCalendar, openRecordSet, parseCalendarFile, workCalendarOf } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { loadedText, unknownYearText } from '../../voice/calendar-text.ts'

export default class CalendarLoad extends DoorstepCommand {
  static override description =
    '写入假日、调休和工作时间,随记录到每台机器 · Set holidays, worked weekends and hours; they travel to every station'
  static override examples = [
    'doorstep calendar load 2027.csv --source 国办发明电',
    'doorstep calendar load --hours 08:30-12:00,14:00-18:00',
  ]
  static override args = {
    FILE: Args.string({
      ignoreStdin: true,
      description:
        'CSV(日期,类型,名称)或 JSON;类型为 放假 或 上班 · CSV (date,kind,name) or JSON; holiday or workday',
    }),
  }
  static override flags = {
    hours: Flags.string({
      helpValue: 'HH:MM-HH:MM,…',
      description: '每个工作日的时间 · the hours of a working day',
    }),
    source: Flags.string({ description: '依据哪份文件 · on whose word' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CalendarLoad)
    if (args.FILE === undefined && flags.hours === undefined)
      wrongUse('要写文件,或 --hours', 'name a file, or --hours')
    const days =
      args.FILE === undefined ? undefined : this.must(parseCalendarFile(this.must(readBytes(args.FILE))))
    const station = await this.open(flags)
    const loaded = this.must(
      await loadCalendar(station, {
        ...(days === undefined ? {} : { days }),
        ...(flags.hours === undefined ? {} : { hours: flags.hours }),
        ...(flags.source === undefined ? {} : { source: flags.source }),
      }),
    )
    const calendar = workCalendarOf(openRecordSet(station, { follow: false }))
    this.print(loadedText(loaded, this.language))
    const known = loaded.years.map(({ year, off, on }) => ({ ...calendar.year(year), off, on }))
    for (const { year, source } of known)
      if (source === null) this.print(unknownYearText([year], this.language))
    return { years: known, hours: loaded.hours, entries: loaded.entries }
  }
}
