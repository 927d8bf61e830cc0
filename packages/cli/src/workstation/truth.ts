import { say, type Words } from '../voice/language.ts'
import { whenText } from './dates.ts'
import type { SyncTruth } from './facts.ts'
import { blank, type Line, line, span } from './lines.ts'
import type { State } from './state.ts'

/**
 * The truth about sync, on every screen: what lies on this machine alone comes from what others said they hold on
 * disk, and "same" only from digests that were compared.
 */
export function truthLine(state: State): Line {
  const { truth } = state.facts
  if (!truth) return blank
  const { language } = state
  const alone = aloneWords(truth, state.nowMs)
  const rest = say(language, truth.meeting.length > 0 ? meetingWords(truth) : lastMetWords(state, truth))
  return line(
    span(say(language, stateWords(truth)), 'strong'),
    '  ',
    span(say(language, alone), truth.onlyHere > 0 ? 'warn' : 'plain'),
    ` · ${rest} `,
  )
}

function stateWords({ meeting, elsewhere }: SyncTruth): Words {
  if (meeting.length > 0) return ['在线', 'Online']
  return elsewhere ? ['另一程序在同步', 'Another program syncs'] : ['离线', 'Offline']
}

/** How long it has been alone is said from the second day on. */
function aloneWords({ onlyHere, aloneSinceMs }: SyncTruth, nowMs: number): Words {
  if (onlyHere === 0) return ['都有第二份', 'all on two or more']
  const days = aloneSinceMs === null ? 0 : Math.floor((nowMs - aloneSinceMs) / 86_400_000)
  return days < 1
    ? [`${onlyHere} 条只在本机`, `${onlyHere} only here`]
    : [`${onlyHere} 条只在本机 ${days} 天`, `${onlyHere} only here, ${days} d`]
}

function meetingWords({ meeting, equal, toSend, toReceive, progress }: SyncTruth): Words {
  const who = meeting.length === 1 ? meeting[0]! : ''
  const zh = who || `${meeting.length} 台`
  const en = who || `${meeting.length} stations`
  const percent = progress?.percent === null || !progress ? '' : ` ${progress.percent}%`
  if (toSend + toReceive > 0)
    return [`${zh} 还差 ${toSend + toReceive} 条${percent}`, `${en}: ${toSend + toReceive} to go${percent}`]
  return equal ? [`与 ${zh} 相同`, `same as ${en}`] : [`正与 ${zh} 核对`, `comparing with ${en}`]
}

function lastMetWords({ nowMs, timeZone }: State, { lastMetMs }: SyncTruth): Words {
  if (lastMetMs === null) return ['还没遇到过别的站点', 'never met another']
  return [
    `上次相遇 ${whenText(lastMetMs, nowMs, timeZone, 'zh')}`,
    `last met ${whenText(lastMetMs, nowMs, timeZone, 'en')}`,
  ]
}
