import { fail, giveKeys, roles } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class StationKeys extends DoorstepCommand {
  static override description =
    '站长亲手给一台机器补密钥 · Give a machine the keys it lacks, by a chief’s own decision'
  static override args = { id: Args.string({ required: true, description: '机器编号 · id of the machine' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(StationKeys)
    const station = await this.open(flags)
    const me = station.member()
    if (!me || !roles[me.role].acts) this.must(fail({ type: 'role-may-not', role: me?.role ?? null }))
    if (!station.membership().stations.has(args.id))
      this.must(fail({ type: 'unknown-station', station: args.id }))
    const { given } = this.must(await giveKeys(station, args.id, { byHand: true }))
    this.print(
      this.words([
        `补了 ${given} 把密钥。下次同步送到。`,
        `Gave ${given} key(s); they arrive with the next sync.`,
      ]),
    )
    return { station: args.id, given }
  }
}
