import { listDispatches, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { todayOf } from '../../station/today.ts'
import { dispatchesText } from '../../voice/dispatch-text.ts'

export default class DispatchList extends DoorstepCommand {
  static override description = '派遣,要办的在前 · Dispatches, those to be done first'
  static override flags = {
    open: Flags.boolean({ description: '只看没有结束的 · only those that have not ended' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DispatchList)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { today } = todayOf(station, this.language)
    const rows = listDispatches(set, { on: today, ...(flags.open ? { open: true } : {}) })
    this.print(dispatchesText(rows, this.language))
    return { dispatches: rows }
  }
}
