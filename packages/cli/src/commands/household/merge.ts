import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { mergeFlags, mergeTwo } from '../../station/merge-two.ts'
import { mergedText } from '../../voice/merge-text.ts'

export default class HouseholdMerge extends DoorstepCommand {
  static override description =
    '把两条说同一户的记录并成一条;什么都不丢,可以分开 · Make one of two records of one household; nothing is lost, and it can be undone'
  static override examples = ['doorstep household merge hh-7f2 hh-91c --take phone --reason 同一户']
  static override args = {
    KEEP: idArg('留下编号的那条 · the one whose id goes on'),
    OTHER: idArg('另一条 · the other'),
  }
  static override flags = mergeFlags

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdMerge)
    const station = await this.open(flags)
    const merged = this.must(
      await mergeTwo(station, 'household', [args.KEEP, args.OTHER], flags, this.language),
    )
    this.print(mergedText('household', merged, this.language))
    return merged
  }
}
