import { Flags } from '@oclif/core'
import { PracticeCommand } from '../../practice/practice-command.ts'
import { scoreOf } from '../../practice/tasks.ts'

export default class PracticeTasks extends PracticeCommand {
  static override description =
    '练习题,做没做成从记录里看 · What is to be tried; whether it was done is seen in the records'
  static override flags = { hints: Flags.boolean({ description: '带提示 · with hints' }) }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PracticeTasks)
    const { tasks } = await this.openPractice(flags)
    const { points, of } = scoreOf(tasks)
    this.print(
      tasks
        .flatMap(({ done, what, hint, points: worth }) => [
          `${done ? '✓' : '·'} ${this.words(what)} (${worth})`,
          ...(flags.hints && !done ? [`    ${this.words(hint)}`] : []),
        ])
        .join('\n'),
    )
    this.print(this.words([`得分 ${points} / ${of}`, `Score ${points} / ${of}`]))
    return {
      tasks: tasks.map(({ what, hint, ...task }) => ({
        ...task,
        what: this.words(what),
        hint: this.words(hint),
      })),
      points,
      of,
    }
  }
}
