import { answerAlarm } from '@doorstep/core'
import type { Desk } from './desk.ts'
import type { Effect } from './state.ts'

/** Says on disk what was done about an alarm, and then what comes next. */
export async function answerAlarmAt(
  desk: Desk,
  { id, did, means, verdict, note }: Extract<Effect, { type: 'answer-alarm' }>,
): Promise<void> {
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
