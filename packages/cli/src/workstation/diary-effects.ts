import { addDiary, editHousehold, openAbsenceCase, tickDiary } from '@doorstep/core'
import { dayIn } from './dates.ts'
import type { Desk } from './desk.ts'
import type { Effect } from './state.ts'

type NoteEffect = Extract<Effect, { type: 'add-diary' | 'tick-diary' | 'keep-promise' | 'absence-case' }>

/** The diary, promises, and the case of a door where nobody is met. */
export async function note(desk: Desk, effect: NoteEffect): Promise<void> {
  const { station, records } = desk
  switch (effect.type) {
    case 'add-diary': {
      const { household, space, text, dueInDays } = effect
      const dueOn = dueInDays === null ? null : dayIn(desk.day, dueInDays)
      const added = await addDiary(station, {
        text,
        ...(household === null ? {} : { household }),
        ...(space === null ? {} : { space }),
        ...(dueOn === null ? {} : { dueOn }),
      })
      if (!added.ok) return desk.fail(added.problem)
      return noted(
        desk,
        dueOn === null
          ? ['已记下', 'Written down']
          : [`已记下,${dueOn} 起提醒`, `Written down, on the list from ${dueOn}`],
      )
    }
    case 'tick-diary': {
      const ticked = await tickDiary(station, { diary: effect.id })
      if (!ticked.ok) return desk.fail(ticked.problem)
      return noted(desk, ['已打勾', 'Ticked'])
    }
    case 'keep-promise': {
      const kept = await editHousehold(station, { household: effect.household, set: { promise: null } })
      if (!kept.ok) return desk.fail(kept.problem)
      return noted(desk, ['答应的办到了', 'The promise is kept'])
    }
    case 'absence-case': {
      const opened = await openAbsenceCase(station, records, effect.household)
      if (!opened.ok) return desk.fail(opened.problem)
      desk.refresh()
      return desk.dispatch({
        type: 'done',
        words: opened.value.opened
          ? ['案件已存盘', 'Case saved']
          : ['同事已经为这一户开了案', 'A colleague has opened it already'],
      })
    }
  }
}

function noted(desk: Desk, words: readonly [string, string]): void {
  desk.refresh()
  desk.dispatch({ type: 'noted', words })
}
