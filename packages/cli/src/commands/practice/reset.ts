import { rmSync } from 'node:fs'
import { Flags } from '@oclif/core'
import { makePractice } from '../../practice/make-practice.ts'
import { planOf } from '../../practice/plan.ts'
import { PracticeCommand } from '../../practice/practice-command.ts'

export default class PracticeReset extends PracticeCommand {
  static override description =
    '扔掉练习社区,重新出题;真的社区不会动 · Throws the practice community away and makes another; real homes are not touched'
  static override flags = {
    seed: Flags.integer({
      min: 0,
      description: '同一个数,同样的题 · the same number makes the same community',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PracticeReset)
    // Opened first: what is thrown away has proved to be practice by its founding act.
    const { station } = await this.openPractice(flags)
    const { home } = station
    const secret = await this.secretOf(flags)
    await station.close()
    this.hold(null)
    rmSync(home, { recursive: true, force: true })
    const fresh = this.hold(
      this.must(
        await makePractice({
          home,
          secret,
          language: this.language,
          ...(flags.seed === undefined ? {} : { seed: flags.seed }),
        }),
      ),
    )
    const { seed } = planOf(fresh)!
    this.print(this.words([`重新出题了(题号 ${seed})。`, `There is a new one (seed ${seed}).`]))
    return { home, seed, community: fresh.identity.community, practice: true }
  }
}
