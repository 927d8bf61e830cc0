import type { CaseClock, CaseRow, Stage } from '@doorstep/core'
import { type Language, plural, say, type Words } from './language.ts'

export const stageWords: Readonly<Record<Stage, Words>> = {
  accept: ['受理', 'accept'],
  verify: ['核实', 'verify'],
  register: ['立案', 'register'],
  dispatch: ['派遣', 'dispatch'],
  handle: ['处置', 'handle'],
  check: ['核查', 'check'],
  close: ['结案', 'close'],
  'call-back': ['回访', 'call back'],
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** A length of time as it is counted: `3 工时`, `3 working hours`, `2 天`, `40 分钟`. */
export function lengthWords(ms: number, counts: CaseClock['counts']): Words {
  const minutes = Math.floor(ms / MINUTE_MS)
  const hours = Math.floor(ms / HOUR_MS)
  const days = Math.floor(ms / DAY_MS)
  if (counts === 'working')
    return hours >= 1
      ? [`${hours} 工时`, plural(hours, 'working hour')]
      : [`${minutes} 分钟(工作时间)`, plural(minutes, 'working minute')]
  if (days >= 2) return [`${days} 天`, plural(days, 'day')]
  return hours >= 1
    ? [`${hours} 小时`, plural(hours, 'hour')]
    : [`${minutes} 分钟`, plural(minutes, 'minute')]
}

/** How much is left, or how late it is: one thing to read at arm's length. Empty without a deadline. */
export function clockText(
  { clock, open, lateDays }: Pick<CaseRow, 'clock' | 'open' | 'lateDays'>,
  language: Language,
): string {
  const { remainingMs, pausedAtMs, timesLimit } = clock
  if (remainingMs === null) {
    // What ended late stays late.
    return !open && lateDays > 0
      ? say(language, [`超期 ${lateDays} 天结案`, `ended ${plural(lateDays, 'day')} late`])
      : ''
  }
  const [zh, en] = lengthWords(Math.abs(remainingMs), clock.counts)
  if (remainingMs < 0) {
    const times = timesLimit >= 2 ? [`(${timesLimit} 倍时限)`, ` (${timesLimit}× the limit)`] : ['', '']
    return say(language, [`超时 ${zh}${times[0]}`, `${en} late${times[1]}`])
  }
  return pausedAtMs === null
    ? say(language, [`剩 ${zh}`, `${en} left`])
    : say(language, [`停表,剩 ${zh}`, `stopped, ${en} left`])
}

const CHAIN: readonly Stage[] = [
  'accept',
  'verify',
  'register',
  'dispatch',
  'handle',
  'check',
  'close',
  'call-back',
]
const DONE_BY: Readonly<Record<string, Stage>> = {
  accept: 'accept',
  verify: 'verify',
  register: 'register',
  dispatch: 'dispatch',
  handle: 'handle',
  done: 'handle',
  check: 'check',
  close: 'close',
  'call-back': 'call-back',
}

export type ChainLink = { readonly stage: Stage; readonly is: 'done' | 'now' | 'skipped' | 'ahead' }

/** Where a case stands in the chain: what was done, what was passed over, what it waits for. */
export function chainOf({
  steps,
  clock,
}: {
  readonly steps: readonly { readonly step: string; readonly flag: unknown }[]
  readonly clock: Pick<CaseClock, 'stage'>
}): readonly ChainLink[] {
  const counted = steps.filter(({ flag }) => flag === null)
  const begun = counted.findLastIndex(({ step }) => step === 'reopen') + 1
  const done = new Set(counted.slice(begun).map(({ step }) => DONE_BY[step]))
  const last = CHAIN.findLastIndex((stage) => done.has(stage))
  const now = clock.stage === null ? last + 1 : CHAIN.indexOf(clock.stage)
  return CHAIN.map((stage, at): ChainLink => {
    if (at === now && clock.stage !== null) return { stage, is: 'now' }
    return { stage, is: at >= now ? 'ahead' : done.has(stage) ? 'done' : 'skipped' }
  })
}

const MARKS: Readonly<Record<ChainLink['is'], string>> = { done: '✓', now: '●', skipped: '–', ahead: '' }

export const chainText = (links: readonly ChainLink[], language: Language): string =>
  links
    .map(({ stage, is }) => `${MARKS[is]}${say(language, stageWords[stage])}`)
    .join(language === 'zh' ? '›' : ' › ')
