import { listErrands, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { errandRowJson, errandsText } from '../../voice/errand-text.ts'

export default class ErrandList extends DoorstepCommand {
  static override description =
    '代办:在办的,和还有东西在我们这里的 · Errands: those under way, and those with something of theirs still here'
  static override flags = {
    all: Flags.boolean({ description: '办完的也看 · those that ended, too' }),
    household: Flags.string({ description: '只看这一户(编号或门牌)· of this household, by id or door' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ErrandList)
    const station = await this.open(flags)
    const household =
      flags.household === undefined
        ? null
        : this.must(pickRecord(station, 'household', flags.household, this.language))
    const rows = listErrands(openRecordSet(station, { follow: false }), {
      on: todayOf(station, this.language).today,
      language: this.language,
      live: !flags.all,
      ...(household ? { household: household.id } : {}),
    })
    this.print(errandsText(rows, this.language))
    return { errands: rows.map(errandRowJson) }
  }
}
