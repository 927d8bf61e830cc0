import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { partTwo, reasonFlag } from '../../station/merge-two.ts'

export default class HouseholdUnmerge extends DoorstepCommand {
  static override description = '把合并过的分开 · Take apart what was merged'
  static override examples = ['doorstep household unmerge hh-7f2 hh-91c --reason 看错了']
  static override args = {
    ONE: idArg('合并过的一条 · one of the two'),
    OTHER: Args.string({ ignoreStdin: true, description: '和哪一条分开 · from which other' }),
  }
  static override flags = { reason: reasonFlag }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdUnmerge)
    const station = await this.open(flags)
    const two = [args.ONE, args.OTHER] as const
    const parted = this.must(await partTwo(station, 'household', two, flags.reason, 'unmerge', this.language))
    this.print(this.words(['已分开,各是各的。', 'Taken apart: each is itself again.']))
    return parted
  }
}
