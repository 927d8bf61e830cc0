import { PracticeCommand } from '../../practice/practice-command.ts'
import { scoreOf } from '../../practice/tasks.ts'

export default class PracticeScore extends PracticeCommand {
  static override description = '练习得分 · The score'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PracticeScore)
    const { tasks, plan } = await this.openPractice(flags)
    const { points, of, done } = scoreOf(tasks)
    this.print(
      this.words([
        `${points} / ${of} 分,做成 ${done} / ${tasks.length} 题(题号 ${plan.seed})`,
        `${points} / ${of} points, ${done} of ${tasks.length} tasks done (seed ${plan.seed})`,
      ]),
    )
    return { points, of, done, tasks: tasks.length, seed: plan.seed }
  }
}
