import { carryHousehold } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { plural } from '../../voice/language.ts'

export default class HouseholdCarry extends DoorstepCommand {
  static override description =
    '把转走后才记在原网格的带过去 · Bring over what was written in the old grid after a household had moved'
  static override args = { ID: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdCarry)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.ID, this.language))
    const carried = this.must(await carryHousehold(station, id))
    this.print(
      this.words([
        `已带过去 ${carried.records} 条记录。`,
        `Brought over: ${plural(carried.records, 'record')}.`,
      ]),
    )
    return carried
  }
}
