import { alarmMeasures, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickGrid } from '../../station/pick-record.ts'
import { spanFlags, spanOf } from '../../station/span-flags.ts'
import { todayOf } from '../../station/today.ts'
import { alarmMeasureJson, alarmMeasuresText } from '../../voice/alarm-text.ts'

export default class AlarmMeasures extends DoorstepCommand {
  static override description =
    '报警多久有人管、误报多少:按规则、厂家、设备 · How soon alarms are answered and how many are false: by rule, maker, device'
  static override flags = spanFlags

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AlarmMeasures)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { from, until } = spanOf(flags, todayOf(station, this.language).today)
    const grid = this.must(pickGrid(set, flags.grid))
    const rows = alarmMeasures(set, from, until, grid === null ? {} : { grid: grid.space })
    this.print(alarmMeasuresText(rows, this.language))
    return { from, until, measures: rows.map((row) => alarmMeasureJson(row, this.language)) }
  }
}
