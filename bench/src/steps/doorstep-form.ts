import { expectOk, loadEngine, openForm } from '@doorstep/core'
import { bigForm } from '../big-form.ts'
import { step } from '../step.ts'

export type FormTimes = {
  /** CPU time of the first form of a process, the engine loaded with it, in milliseconds. */
  readonly first: number
  readonly opens: readonly number[]
  readonly bareOpens: readonly number[]
  readonly answers: readonly number[]
  readonly bareAnswers: readonly number[]
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
async function timed(work: () => unknown): Promise<number> {
  const from = cpuMs()
  await work()
  return cpuMs() - from
}

/**
 * Opens a form and answers it as the workstation does: the answer, the draft that is kept, the places, what is still
 * wrong. Beside each, the engine alone, in the same process: another form opened, the same value set. In CPU time, for
 * a form is opened beside everything else that a laptop does.
 */
step<{ questions: number; rounds: number }>(async ({ questions, rounds }): Promise<FormTimes> => {
  const xml = bigForm(questions)
  const first = await timed(async () => expectOk(await openForm(xml, { language: 'zh' })).close())
  const engine = expectOk(await loadEngine())
  const context = { newId: () => crypto.randomUUID(), warn: () => {} }
  const bare = () =>
    engine.within(context, async () => {
      const options = {
        fetchFormAttachment: async () => new Response(),
        missingResourceBehavior: 'ERROR',
      } as const
      return (await engine.loadForm(xml, options)).createInstance().root
    })
  const times = {
    opens: [] as number[],
    bareOpens: [] as number[],
    answers: [] as number[],
    bareAnswers: [] as number[],
  }
  for (let round = 0; round < rounds; round++) {
    times.opens.push(await timed(async () => expectOk(await openForm(xml, { language: 'zh' })).close()))
    times.bareOpens.push(await timed(async () => (await bare()).parent.scope.dispose()))
  }
  const root = await bare()
  const nodes = new Map(root.currentState.children.map((node) => [node.currentState.reference, node]))
  using session = expectOk(await openForm(xml, { language: 'zh' }))
  for (const place of session.places()) {
    if (place.kind === 'repeat') continue
    const value = place.kind === 'select-one' ? 'b' : '7'
    times.answers.push(
      await timed(() => {
        expectOk(session.answer(place.ref, value))
        session.draft({ files: false })
        session.places()
        session.validate()
      }),
    )
    const node = nodes.get(place.ref)
    times.bareAnswers.push(
      await timed(() =>
        engine.within(context, () => {
          if (node?.nodeType === 'select') node.selectValues([value])
          else if (node?.nodeType === 'input') node.setValue(value)
        }),
      ),
    )
  }
  return { first, ...times }
})
