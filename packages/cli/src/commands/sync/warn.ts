import { communityCard, setWarnAfterDays, warnAfterDays } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'

export default class SyncWarn extends DoorstepCommand {
  static override description =
    '几天没有一台机器的消息就提醒站长 · After how many days without word of a station its chief is warned'
  static override args = {
    days: Args.integer({
      description: '天数,1–365;不写只看 · days, 1–365; without it, tells',
      min: 1,
      max: 365,
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SyncWarn)
    const station = await this.open(flags)
    if (args.days !== undefined) this.must(await setWarnAfterDays(station, args.days))
    const days = warnAfterDays(communityCard(station))
    this.print(
      this.words([
        `满 ${days} 天没有一台机器的消息,就提醒站长。`,
        `A chief is warned after ${days} days without word of a station.`,
      ]),
    )
    return { days }
  }
}
