import type { BenchContext } from '../bench-context.ts'
import { median, percentile } from '../median.ts'
import type { GroupResult } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { FormTimes } from '../steps/doorstep-form.ts'

const QUESTIONS = 100
const ROUNDS = 15

/** Opening and answering a form of a hundred questions, beside the engine alone. CPU time. */
export async function measureForm(context: BenchContext): Promise<GroupResult> {
  context.progress('form')
  const { value } = await runStep<FormTimes>('doorstep-form', { questions: QUESTIONS, rounds: ROUNDS })
  const row = (what: string, doorstep: number, bare: number | null) =>
    ({
      group: 'form',
      what,
      unit: 'ms',
      values: { doorstep },
      ...(bare === null ? {} : { limit: { what: 'the bare engine', value: bare } }),
    }) as const
  return {
    rows: [
      row('first form of a process · 进程的第一张表', value.first, null),
      row('open a form · 打开表单', median(value.opens), median(value.bareOpens)),
      row('answer, p50 · 回答 p50', median(value.answers), median(value.bareAnswers)),
      row('answer, p95 · 回答 p95', percentile(value.answers, 0.95), percentile(value.bareAnswers, 0.95)),
    ],
    notes: [
      `form: ${QUESTIONS} questions in two languages; CPU time, the engine alone in the same process as the limit; an answer is taken, its draft encoded, every place and problem read`,
    ],
  }
}
