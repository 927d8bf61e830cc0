import type { AlarmRow } from '@doorstep/core'
import { alarmLabel, urgencyText } from '../voice/alarm-text.ts'
import type { Language, Words } from '../voice/language.ts'
import type { State } from './state.ts'

/** What the screens say of alarms wherever one is. */

/** Names an alarm until it is raised again: what was looked at is not told again, what is new is. */
export const alarmKey = ({ id, round }: Pick<AlarmRow, 'id' | 'round'>): string => `${id} ${round}`

/** Without a verdict, and not looked at on this machine yet. */
export const unseenAlarms = ({ facts, seenAlarms }: State): readonly AlarmRow[] =>
  facts.alarms.filter((one) => !seenAlarms.has(alarmKey(one)))

/** Told on every screen until it is looked at; in short where what was just done is told beside it. */
export function alarmBanner(unseen: readonly AlarmRow[], isShort: boolean, language: Language): Words {
  const [first] = unseen as [AlarmRow]
  if (isShort) return [`新报警 ${unseen.length} A`, `alarms: ${unseen.length} A`]
  const what = `${urgencyText(first, language)} ${alarmLabel(first, language)} ${first.door}`
  const more = unseen.length - 1
  return more === 0
    ? [`报警:${what} · A 看`, `Alarm: ${what} · A`]
    : [`报警:${what} 等 ${unseen.length} 起 · A 看`, `Alarm: ${what} and ${more} more · A`]
}
