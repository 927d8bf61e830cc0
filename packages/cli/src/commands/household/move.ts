import { fail, moveHousehold, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickGrid, pickRecord } from '../../station/pick-record.ts'

export default class HouseholdMove extends DoorstepCommand {
  static override description =
    '把住户转到另一个网格,人、设备、未结案件和探访一起 · Move a household to another grid, with its people, devices, open cases and visits'
  static override examples = [
    'doorstep household move 1-2-301 --grid 二号网格 --reason 网格调整',
    'doorstep household move hh-7f2 --grid 二号网格 --with-dwelling',
  ]
  static override args = { ID: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    grid: Flags.string({
      required: true,
      description: '转到哪个网格(名称或编号)· to which grid, by name or id',
    }),
    reason: Flags.string({ helpValue: 'TEXT|@-', description: '原因 · why' }),
    'with-dwelling': Flags.boolean({
      allowNo: true,
      description:
        '房屋也归那个网格;默认看楼栋在不在那边 · the dwelling too; by default if its building is there',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdMove)
    const reason =
      flags.reason === undefined ? undefined : this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.ID, this.language))
    const grid = this.must(pickGrid(openRecordSet(station, { follow: false, spaces: [] }), flags.grid))
    if (!grid) return this.must(fail({ type: 'unknown-grid', grid: flags.grid, grids: [] }))
    const withDwelling = flags['with-dwelling']
    const moved = this.must(
      await moveHousehold(station, {
        household: id,
        to: grid.space,
        ...(reason === undefined ? {} : { reason }),
        ...(withDwelling === undefined ? {} : { withDwelling }),
      }),
    )
    this.print(
      this.words([
        `已转到 ${grid.name}:${moved.records} 条记录${moved.withDwelling ? ',房屋一起' : ''}。别人下次同步后就能看到。`,
        `Moved to ${grid.name}: ${moved.records} records${moved.withDwelling ? ', the dwelling with them' : ''}. Others see it with their next sync.`,
      ]),
    )
    return moved
  }
}
