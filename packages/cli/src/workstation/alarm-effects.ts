import { answerAlarm, endLeave, improveAlarm, noteLeave } from '@doorstep/core'
import type { Desk } from './desk.ts'
import type { Effect } from './state.ts'

type Of<T extends Effect['type']> = Extract<Effect, { type: T }>
type AlarmEffect = Of<'answer-alarm' | 'improve-alarm' | 'note-leave' | 'end-leave'>

export async function runAlarm(desk: Desk, effect: AlarmEffect): Promise<void> {
  const { station } = desk
  switch (effect.type) {
    case 'answer-alarm':
      return answerAt(desk, effect)
    case 'improve-alarm': {
      const improved = await improveAlarm(station, { alarm: effect.id, do: effect.way })
      if (!improved.ok) return desk.fail(improved.problem)
      desk.refresh()
      return desk.dispatch({
        type: 'done',
        words:
          effect.way === 'repair'
            ? ['报修案件已存盘', 'The case of repair is saved']
            : ['这台设备已放宽', 'Looser limits hold for this device'],
      })
    }
    case 'note-leave': {
      const { household, until } = effect
      const noted = await noteLeave(station, { household, saidBy: 'worker', ...(until ? { until } : {}) })
      if (!noted.ok) return desk.fail(noted.problem)
      desk.refresh()
      return desk.dispatch({ type: 'done', words: ['外出已报备', 'Leave noted'], leave: true })
    }
    case 'end-leave': {
      const ended = await endLeave(station, { household: effect.household, saidBy: 'worker' })
      if (!ended.ok) return desk.fail(ended.problem)
      desk.refresh()
      return desk.dispatch({ type: 'done', words: ['已记下:回来了', 'Noted: they are back'], leave: true })
    }
  }
}

/** Says on disk what was done about an alarm, and then what comes next. */
async function answerAt(desk: Desk, { id, did, means, verdict, note }: Of<'answer-alarm'>): Promise<void> {
  const answered = await answerAlarm(desk.station, {
    ...{ alarm: id, did, means },
    ...(verdict === null ? {} : { verdict }),
    ...(note.trim() === '' ? {} : { note }),
  })
  if (!answered.ok) return desk.fail(answered.problem)
  desk.refresh()
  const { open, caseEnded } = answered.value
  desk.dispatch({
    type: 'done',
    words: open
      ? ['已记下。下一步在下面', 'Noted. What comes next stands below']
      : caseEnded
        ? ['已记下,案件也结束了', 'Noted, and its case ended with it']
        : ['已记下,案件接着办', 'Noted; its case goes on'],
  })
}
