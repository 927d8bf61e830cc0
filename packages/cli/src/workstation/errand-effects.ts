import { openErrand, stepErrand } from '@doorstep/core'
import type { Desk } from './desk.ts'
import type { Effect } from './state.ts'

export type ErrandEffect = Extract<Effect, { type: 'open-errand' | 'step-errand' }>

export async function runErrand(desk: Desk, effect: ErrandEffect): Promise<void> {
  const { station } = desk
  if (effect.type === 'open-errand') {
    const { household, kind, what, dueOn } = effect
    const opened = await openErrand(station, { household, kind, what, ...(dueOn ? { dueOn } : {}) })
    if (!opened.ok) return desk.fail(opened.problem)
    desk.refresh()
    return desk.dispatch({ type: 'done', words: ['代办已记下', 'Errand noted'], leave: true })
  }
  const { id, step, papers, fen, receipt, on, relation, note } = effect
  const stepped = await stepErrand(station, {
    errand: id,
    step,
    papers,
    fen,
    // The prompt says so, and ↵ affirms it.
    counted: fen > 0,
    ...(receipt === null ? {} : { receipt }),
    ...(on === null ? {} : { on }),
    ...(relation === '' ? {} : { relation }),
    ...(note === '' ? {} : { note }),
  })
  if (!stepped.ok) return desk.fail(stepped.problem)
  desk.refresh()
  desk.dispatch({ type: 'done', words: ['这一步已存盘', 'Step saved'] })
}
