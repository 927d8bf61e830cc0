import { alarmMeasures, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, gridFlag } from '../../flags.ts'
import { pickGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { alarmMeasureJson, alarmMeasuresText } from '../../voice/alarm-text.ts'

export default class AlarmMeasures extends DoorstepCommand {
  static override description =
    '报警多久有人管、误报多少:按规则、厂家、设备 · How soon alarms are answered and how many are false: by rule, maker, device'
  static override flags = {
    from: dayFlag({ description: '从哪天,不写是本月一日 · from, else the first of this month' }),
    until: dayFlag({ description: '到哪天(含),不写是今天 · until, else today' }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AlarmMeasures)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { today } = todayOf(station, this.language)
    const until = flags.until ?? today
    const from = flags.from ?? `${until.slice(0, 8)}01`
    const grid = this.must(pickGrid(set, flags.grid))
    const rows = alarmMeasures(set, from, until, grid === null ? {} : { grid: grid.space })
    this.print(alarmMeasuresText(rows, this.language))
    return { from, until, measures: rows.map((row) => alarmMeasureJson(row, this.language)) }
  }
}
