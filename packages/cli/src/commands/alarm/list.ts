import { listAlarms, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { pickGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { alarmRowJson, alarmsText } from '../../voice/alarm-text.ts'

export default class AlarmList extends DoorstepCommand {
  static override description =
    '报警:没有结论的在前,最急的最前 · Alarms: those without a verdict first, the most urgent before all'
  static override flags = {
    open: Flags.boolean({ description: '只看没有结论的 · only those without a verdict' }),
    grid: gridFlag(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AlarmList)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const grid = this.must(pickGrid(set, flags.grid))
    const rows = listAlarms(set, {
      nowMs: station.now,
      language: this.language,
      ...(flags.open ? { open: true } : {}),
      ...(grid === null ? {} : { grid: grid.space }),
    })
    this.print(alarmsText(rows, station.now, todayOf(station, this.language)))
    return { alarms: rows.map((row) => alarmRowJson(row, this.language)) }
  }
}
