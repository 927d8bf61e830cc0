import { fail, homeExists } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { makePractice } from '../../practice/make-practice.ts'
import { planOf } from '../../practice/plan.ts'
import { PracticeCommand } from '../../practice/practice-command.ts'

export default class PracticeStart extends PracticeCommand {
  static override description =
    '建一个练习用的社区:人和事都是编的,到不了真的社区 · A made-up community to practise in; nothing of it can reach a real one'
  static override examples = ['doorstep practice start', 'doorstep practice tasks --hints']
  static override flags = {
    seed: Flags.integer({
      min: 0,
      description: '同一个数,同样的题 · the same number makes the same community',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PracticeStart)
    const home = this.homeOf(flags)
    if (homeExists(home)) this.must(fail({ type: 'home-exists', home }))
    const station = this.hold(
      this.must(
        await makePractice({
          home,
          secret: await this.secretOf(flags, 'create'),
          language: this.language,
          ...(flags.seed === undefined ? {} : { seed: flags.seed }),
        }),
      ),
    )
    const { seed } = planOf(station)!
    this.print(
      this.words([
        `练习社区建好了(${home},题号 ${seed})。下一步:\n  doorstep practice tasks --hints\n  doorstep --home ${home}`,
        `The practice community is ready (${home}, seed ${seed}). Next:\n  doorstep practice tasks --hints\n  doorstep --home ${home}`,
      ]),
    )
    return { home, seed, community: station.identity.community, practice: true }
  }
}
