import { dueForErasure, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag } from '../../flags.ts'
import { todayOf } from '../../station/today.ts'
import { erasureJson } from '../../voice/privacy-json.ts'
import { erasureText } from '../../voice/retention-text.ts'

export default class RetentionDue extends DoorstepCommand {
  static override description = '哪些记录保存期已满 · Which records have had their time'
  static override flags = {
    on: dayFlag({ description: '看到哪一天,默认今天 · as of which day, today if not given' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(RetentionDue)
    const station = await this.open(flags)
    const on = flags.on ?? todayOf(station, this.language).today
    const due = dueForErasure(station, on)
    const set = openRecordSet(station, { follow: false })
    this.print(erasureText(set, due, this.language))
    return { on, due: due.map((row) => erasureJson(set, row, on, this.language)) }
  }
}
