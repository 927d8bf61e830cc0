import { removeStation } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { stationName } from '../../station/names.ts'
import { REMOVAL_LIMITS } from '../../voice/removal-text.ts'

export default class StationRemove extends DoorstepCommand {
  static override description = '移除一台丢失的机器,不能撤回 · Remove a lost machine, for good'
  static override args = { id: Args.string({ required: true, description: '机器编号或名称 · id or name' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(StationRemove)
    const station = await this.open(flags)
    const known = [...station.membership().stations.keys()]
    const called = known.filter((id) => id === args.id || stationName(station, id) === args.id)
    const id = called.length === 1 ? called[0]! : args.id
    const name = stationName(station, id)
    const removed = this.must(await removeStation(station, id))
    const limits = REMOVAL_LIMITS.map((words) => this.words(words))
    this.print(
      [
        this.words([
          `已移除 ${name}。它的主人可以用新机器继续:\n  doorstep station invite --member ${removed.member} --out 邀请.json`,
          `Removed ${name}. Its owner goes on with another machine:\n  doorstep station invite --member ${removed.member} --out INVITE`,
        ]),
        ...limits.map((line) => `  · ${line}`),
      ].join('\n'),
    )
    return {
      station: id,
      name,
      member: removed.member,
      cut: removed.cut.map(({ log, seq }) => ({ log, seq })),
      rekeyed: removed.rekeyed,
      limits,
      next: 'doorstep sync now',
    }
  }
}
