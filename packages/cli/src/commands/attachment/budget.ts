import { Flags } from '@oclif/core'
import { statusText } from '../../attachment/attachment-text.ts'
import { DoorstepCommand } from '../../base-command.ts'
import { sizeOf } from '../../flags.ts'

export default class AttachmentBudget extends DoorstepCommand {
  static override description =
    '照片和录音最多占多少,现在占多少 · How much room photos and recordings may take, and take'
  static override examples = [
    'doorstep attachment budget',
    'doorstep attachment budget --most 500MB --originals asked',
  ]
  static override flags = {
    most: Flags.string({ helpValue: '500MB|none', description: '最多占多少 · at most this much' }),
    originals: Flags.option({ options: ['all', 'asked'] as const })({
      description: '原件:都收,或有人要才收 · originals: all, or those somebody asked for',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AttachmentBudget)
    const bytes = flags.most === undefined || flags.most === 'none' ? null : sizeOf(flags.most)
    const station = await this.open(flags)
    const before = station.blobs.budget()
    if (flags.most !== undefined || flags.originals !== undefined)
      station.blobs.setBudget({
        bytes: flags.most === undefined ? before.bytes : bytes,
        originals: flags.originals ?? before.originals,
      })
    const status = station.blobs.status()
    this.print(statusText(status, this.language))
    const { budget, overBytes, ...tallies } = status
    return { budgetBytes: budget.bytes, originals: budget.originals, overBytes, ...tallies }
  }
}
