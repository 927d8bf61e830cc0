/**
 * Episodes, folded from what a rule says at one moment after the other. Three things can be said, and the third,
 * `unknown`, neither begins nor ends anything: what is not known never raises an alarm and never clears one.
 */

export type Truth = 'raised' | 'cleared' | 'unknown'

/** What a rule says at a moment; it goes on being so until the next. */
export type Moment = {
  readonly atMs: number
  readonly truth: Truth
  /** What was compared. */
  readonly value: number
  /** When it began, where that is not the moment itself. */
  readonly sinceMs?: number
  /** The home is away, or the device learns: whatever was, is over. */
  readonly excused?: boolean
}

export type Episode = {
  /** Names the episode, with device and rule: follows from the data alone. */
  readonly sinceMs: number
  /** The first moment at which it could be said. */
  readonly raisedMs: number
  /** When the rule last ceased to hold; null while it holds, or nobody knows. */
  readonly clearedMs: number | null
  readonly value: number
}

export type Course = {
  /** Those that were raised within what was looked at, oldest first; the last may go on. */
  readonly episodes: readonly Episode[]
  /** The last episode is not over: should the rule hold again now, it is the same. */
  readonly isOpen: boolean
  /** What the rule says at the end, and since when nothing is known if it says `unknown`. */
  readonly truth: Truth
  readonly unknownMs: number | null
}

export type FoldRules = {
  readonly rearmMs: number
  /** Where nothing was known for so long, nothing is open any more, and the next time is another episode. */
  readonly forgetMs: number
}

/**
 * Of what was said from `fromMs` to `endMs`. `start`: `idle` where nothing was open before the first moment; `unsure` where that is not known, and then null is
 * answered if these moments do not tell of every episode that was raised after `wantedMs`: look further back.
 */
export function foldCourse(
  moments: readonly Moment[],
  { rearmMs, forgetMs }: FoldRules,
  fromMs: number,
  endMs: number,
  start: 'idle' | 'unsure',
  wantedMs = endMs,
): Course | null {
  let sure = start === 'idle'
  let isShort = false
  const episodes: Episode[] = []
  let open: Episode | null = null
  let clearMs: number | null = null
  let unknownMs: number | null = fromMs
  let truth: Truth = 'unknown'
  const close = () => {
    open = null
    // What came before the first moment that is sure belongs to an episode whose beginning nobody saw.
    if (!sure) isShort = episodes.splice(0).some(({ raisedMs }) => raisedMs > wantedMs)
    sure = true
  }
  const pass = (atMs: number) => {
    if (unknownMs !== null && atMs - unknownMs >= forgetMs) close()
    if (clearMs !== null && truth === 'cleared' && atMs - clearMs >= rearmMs) close()
  }
  for (const moment of moments) {
    pass(moment.atMs)
    if (moment.excused) {
      const last: Episode | undefined = open ?? undefined
      if (last && last.clearedMs === null) episodes[episodes.length - 1] = { ...last, clearedMs: moment.atMs }
      close()
      clearMs = null
      unknownMs = null
      truth = 'cleared'
      continue
    }
    truth = moment.truth
    unknownMs = truth === 'unknown' ? (unknownMs ?? moment.atMs) : null
    if (truth === 'raised') {
      clearMs = null
      const { atMs, sinceMs = atMs, value } = moment
      if (open) open = { ...(open as Episode), clearedMs: null }
      else open = { sinceMs, raisedMs: atMs, clearedMs: null, value }
      if (episodes.at(-1)?.sinceMs === open.sinceMs) episodes[episodes.length - 1] = open
      else episodes.push(open)
    } else if (truth === 'cleared') {
      if (clearMs === null) {
        clearMs = moment.atMs
        if (open) {
          open = { ...(open as Episode), clearedMs: moment.atMs }
          episodes[episodes.length - 1] = open
        }
      }
      if (moment.atMs - clearMs >= rearmMs) close()
    }
  }
  pass(endMs)
  if (!sure || isShort) return null
  return { episodes, isOpen: open !== null, truth, unknownMs }
}
