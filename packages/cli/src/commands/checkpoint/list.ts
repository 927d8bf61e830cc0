import { listCheckpoints } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { spacesOf } from '../../station/names.ts'
import { checkpointJson, checkpointsText } from '../../voice/checkpoint-text.ts'

export default class CheckpointList extends DoorstepCommand {
  static override description = '检查点,和核对的结果 · Checkpoints, and whether they were found true'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CheckpointList)
    const station = await this.open(flags)
    const all = listCheckpoints(station)
    const due = spacesOf(station).filter(({ id }) => {
      if (station.digest(id).entries === 0) return false
      const usable = all.filter(
        ({ space, state }) => space === id && (state === 'equal' || state === 'unverified'),
      )
      return usable.length === 0 || usable.every(({ isUnderOlderKey }) => isUnderOlderKey)
    })
    this.print(checkpointsText(station, all, this.language))
    if (due.length > 0)
      this.tell([
        `还没有用现在的钥匙做检查点:${due.map(({ name }) => name).join('、')}。\n  doorstep checkpoint make`,
        `No checkpoint under the key of today: ${due.map(({ name }) => name).join(', ')}.\n  doorstep checkpoint make`,
      ])
    return { checkpoints: all.map(checkpointJson), due: due.map(({ id }) => id) }
  }
}
