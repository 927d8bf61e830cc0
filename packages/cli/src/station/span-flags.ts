import { dayFlag, gridFlag } from '../flags.ts'

/** Which days, and whose, are measured. */
export const spanFlags = {
  from: dayFlag({ description: '从哪天,不写是本月一日 · from, else the first of this month' }),
  until: dayFlag({ description: '到哪天(含),不写是今天 · until, else today' }),
  grid: gridFlag(),
}

/** Both ends included; of `until` alone, from the first of its month. */
export function spanOf(
  flags: { readonly from?: string | undefined; readonly until?: string | undefined },
  today: string,
): { readonly from: string; readonly until: string } {
  const until = flags.until ?? today
  return { from: flags.from ?? `${until.slice(0, 8)}01`, until }
}
