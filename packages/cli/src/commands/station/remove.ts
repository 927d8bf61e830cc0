import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class StationRemove extends DoorstepCommand {
  static override description = '移除站点(尚不支持)· Remove a station (not supported yet)'
  static override args = { id: Args.string({ required: true }) }

  async run(): Promise<unknown> {
    await this.parse(StationRemove)
    return this.must({ ok: false, problem: { type: 'removal-not-supported' } })
  }
}
