import {
  fail,
  findCheckpoint,
  type ListedCheckpoint,
  listCheckpoints,
  verifyCheckpoint,
} from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { checkpointJson, checkpointsText } from '../../voice/checkpoint-text.ts'

export default class CheckpointVerify extends DoorstepCommand {
  static override description =
    '把检查点的前文重新折算一遍来核对;不写编号就核对每个空间最新的 · Fold its past again and compare; without an id, the newest of each space'
  static override args = { id: Args.string({ ignoreStdin: true }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CheckpointVerify)
    const station = await this.open(flags)
    const newest = new Map(
      listCheckpoints(station)
        .toReversed()
        .map((one) => [one.space, one.id]),
    )
    const compared: ListedCheckpoint[] = []
    for (const id of args.id === undefined ? newest.values() : [args.id])
      compared.push(this.must(await verifyCheckpoint(station, this.must(findCheckpoint(station, id)))))
    this.print(checkpointsText(station, compared, this.language))
    const false_ = compared.filter(({ state }) => state === 'differs')
    if (false_.length > 0) this.must(fail({ type: 'checkpoint-differs', ids: false_.map(({ id }) => id) }))
    return { checkpoints: compared.map(checkpointJson) }
  }
}
