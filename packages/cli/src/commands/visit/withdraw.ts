import { withdrawVisit } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { shortId } from '../../voice/value-text.ts'

export default class VisitWithdraw extends DoorstepCommand {
  static override description = '撤回一次记错的探访 · Take back a visit recorded by mistake'
  static override args = { ID: idArg('探访编号 · id of the visit') }
  static override flags = {
    reason: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '原因 · why' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(VisitWithdraw)
    const reason = this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'visit', args.ID, this.language))
    const withdrawn = this.must(await withdrawVisit(station, { visit: id, reason }))
    const { openCases } = withdrawn
    this.print(
      this.words(['已撤回;它还看得到,不再算数。', 'Withdrawn: it stays readable and no longer counts.']),
    )
    if (openCases.length > 0)
      this.print(
        this.words([
          `由它开的案件还开着,请逐件看:${openCases.map(shortId).join(' ')}`,
          `Cases it opened are still open, please look at each: ${openCases.map(shortId).join(' ')}`,
        ]),
      )
    return withdrawn
  }
}
