import { type ChangeResidence, ok, type Result, type Station } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { dayFlag } from '../flags.ts'
import type { Language } from '../voice/language.ts'
import type { GivenText } from './given-text.ts'
import { pickRecord } from './pick-record.ts'

/** What every change of a residence takes. */
export const changeFlags = {
  household: Flags.string({ description: '住两处时:哪一户 · which household, of two' }),
  on: dayFlag({ description: '哪天,默认今天 · on which day, today by default' }),
  reason: Flags.string({ helpValue: 'TEXT|@-', description: '原因 · why' }),
}

export async function changeOf(
  station: Station,
  person: string,
  given: GivenText,
  flags: {
    readonly household?: string | undefined
    readonly on?: string | undefined
    readonly reason?: string | undefined
  },
  language: Language,
): Promise<Result<ChangeResidence>> {
  const change: { person: string; household?: string; on?: string; reason?: string } = { person }
  if (flags.household !== undefined) {
    const household = pickRecord(station, 'household', flags.household, language)
    if (!household.ok) return household
    change.household = household.value.id
  }
  if (flags.on !== undefined) change.on = flags.on
  if (flags.reason !== undefined) {
    const reason = await given.value(flags.reason)
    if (!reason.ok) return reason
    change.reason = reason.value
  }
  return ok(change)
}
