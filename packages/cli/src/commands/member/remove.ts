import { removeMember } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { memberNames } from '../../station/names.ts'
import { pickMember } from '../../station/pick-member.ts'
import { REMOVAL_LIMITS } from '../../voice/removal-text.ts'

export default class MemberRemove extends DoorstepCommand {
  static override description =
    '移除成员和其全部机器,不能撤回 · Remove a member with all their machines, for good'
  static override args = { id: Args.string({ required: true, description: '成员编号或称呼 · id or name' }) }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MemberRemove)
    const station = await this.open(flags)
    const member = this.must(pickMember(station, args.id))
    const name = memberNames(station).get(member) ?? member
    const removed = this.must(await removeMember(station, member))
    const limits = REMOVAL_LIMITS.map((words) => this.words(words))
    this.print(
      [
        this.words([
          `已移除 ${name} 和 ${removed.stations.length} 台机器。已收下的都留着;以后来的先扣下待看。`,
          `Removed ${name} and ${removed.stations.length} machine(s). What was taken in stays; what comes later is held to be looked at.`,
        ]),
        ...limits.map((line) => `  · ${line}`),
        this.words([
          '尽快与其他机器同步,让大家知道:\n  doorstep sync now',
          'Sync with the others soon, so that they hear of it:\n  doorstep sync now',
        ]),
      ].join('\n'),
    )
    return {
      member,
      name,
      stations: removed.stations,
      cut: removed.cut.map(({ log, seq }) => ({ log, seq })),
      rekeyed: removed.rekeyed,
      limits,
      next: 'doorstep sync now',
    }
  }
}
