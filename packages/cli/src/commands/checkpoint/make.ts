import { type ListedCheckpoint, makeCheckpoint } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { gridFlag } from '../../flags.ts'
import { spacesMeant } from '../../station/names.ts'
import { checkpointJson, checkpointsText } from '../../voice/checkpoint-text.ts'

export default class CheckpointMake extends DoorstepCommand {
  static override description =
    '把一个空间到现在为止的内容总成检查点,新来的从它起步 · Sum a space up, for newcomers to start from'
  static override flags = { grid: gridFlag() }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CheckpointMake)
    const station = await this.open(flags)
    const made: ListedCheckpoint[] = []
    const spaces = this.must(spacesMeant(station, flags.grid))
    // Of several, an empty one has nothing to sum up; asked for by name, it is told so.
    for (const space of spaces)
      if (spaces.length === 1 || station.digest(space).entries > 0)
        made.push(this.must(await makeCheckpoint(station, space)))
    this.print(checkpointsText(station, made, this.language))
    return { checkpoints: made.map(checkpointJson) }
  }
}
