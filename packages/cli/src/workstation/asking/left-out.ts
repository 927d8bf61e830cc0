import type { FormSession, Question } from '@doorstep/core'
import type { FormFacts, Skipped } from '../facts.ts'
import { shortAnswer } from './typed-value.ts'

/** Which questions are not asked, and because of which answers. */

/**
 * What the last answer made unnecessary, and why. Follow-ups of an item are named after it (`hose`, `hose_grade`):
 * that those of an item in order are left out is no news.
 */
export function skippedBetween(session: FormSession, from: string, to: string): FormFacts['skipped'] {
  const all = session.questions({ all: true })
  const start = all.findIndex((one) => one.ref === from)
  const end = to === 'summary' ? all.length : all.findIndex((one) => one.ref === to)
  const left = newsIn(all.slice(start + 1, Math.max(start + 1, end)), all)
  const because = left.map((one) => reasonOf(session, one, all)).find((one) => one !== null)
  return because ? { count: left.length, because } : null
}

/** Everything that is left out, by reason, the commonest first. */
export function leftOutOf(session: FormSession): readonly Skipped[] {
  const all = session.questions({ all: true })
  const counts = new Map<string, number>()
  for (const one of newsIn(all, all)) {
    const because = reasonOf(session, one, all)
    if (because !== null) counts.set(because, (counts.get(because) ?? 0) + 1)
  }
  return [...counts].map(([because, count]) => ({ because, count })).sort((a, b) => b.count - a.count)
}

const newsIn = (some: readonly Question[], all: readonly Question[]): readonly Question[] => {
  const refs = new Set(all.map((one) => one.ref))
  return some.filter((one) => !one.relevant && !isFollowUp(one.ref, refs))
}

/** `/form/gas/hose_grade` follows `/form/gas/hose`. */
function isFollowUp(ref: string, refs: ReadonlySet<string>): boolean {
  for (let at = ref.lastIndexOf('_'); at > ref.lastIndexOf('/'); at = ref.lastIndexOf('_', at - 1))
    if (refs.has(ref.slice(0, at))) return true
  return false
}

function reasonOf(session: FormSession, question: Question, all: readonly Question[]): string | null {
  const [cause] = session.skippedBecause(question.ref)
  const asked = cause && all.find((one) => one.ref === cause.ref)
  return asked ? `${asked.label} ${shortAnswer(asked)}` : null
}
