import { withdrawConsent } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { shortId } from '../../voice/value-text.ts'

export default class ConsentWithdraw extends DoorstepCommand {
  static override description = '撤回同意,依它做的事随即停止 · Take a consent back; what rested on it stops'
  static override args = { ID: idArg('同意的编号 · id of the consent') }
  static override flags = {
    reason: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '原因 · why' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ConsentWithdraw)
    const reason = this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'consent', args.ID, this.language))
    const withdrawn = this.must(await withdrawConsent(station, { consent: id, reason }))
    const stopped = withdrawn.stopped.map(shortId).join(' ')
    this.print(this.words(['已撤回。', 'Withdrawn.']))
    if (stopped !== '')
      this.print(
        this.words([
          `不再抄读:${stopped}(别的机器在下次同步后停)`,
          `No longer read: ${stopped} (other machines stop after they next sync)`,
        ]),
      )
    return withdrawn
  }
}
