/** After how many days without word of a station its chief is warned: one number for the whole community. */
import type { Projection } from '../record/project.ts'
import { fail, ok, type Result } from '../result.ts'
import { type HeardOf, heardOf } from '../station/heard-of.ts'
import type { Station } from '../station/station.ts'
import type { EntryPlace } from './command.ts'
import { editRecord } from './edit-record.ts'

/** A week: every laptop meets the gateway at least at its weekly meeting, and holidays are longer than a weekend. */
const DEFAULT_WARN_AFTER_DAYS = 7
const MOST_DAYS = 365

/** As the community's record says; of several values that nobody has settled yet, the one that warns first. */
export function warnAfterDays(community: Projection | undefined): number {
  const values = [
    community?.fields.warnAfterDays,
    ...(community?.conflicts.warnAfterDays ?? []).map(({ value }) => value),
  ].filter((value): value is number => Number.isInteger(value) && Number(value) >= 1)
  return values.length > 0 ? Math.min(...values) : DEFAULT_WARN_AFTER_DAYS
}

export const communityCard = (station: Station): Projection | undefined =>
  [...station.records({ type: 'community' })][0]

/** Stations without word for as long as the community set, the longest first. */
export function unheardOf(station: Station): HeardOf[] {
  const afterDays = warnAfterDays(communityCard(station))
  return heardOf(station).filter(({ days }) => days === null || days >= afterDays)
}

/** A chief's to set. Fails with 'warn-after-days' when it is no whole number of days from 1 to 365. */
export async function setWarnAfterDays(
  station: Station,
  days: number,
): Promise<Result<{ readonly days: number; readonly entries: readonly EntryPlace[] }>> {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    return fail({ type: 'warn-after-days', days, most: MOST_DAYS })
  const card = communityCard(station)
  if (!card)
    return fail({ type: 'role-may-not', role: station.member()?.role ?? null, action: 'community.edit' })
  const edited = await editRecord(station, { record: card.id, set: { warnAfterDays: days } })
  return edited.ok ? ok({ days, entries: edited.value.entries }) : edited
}
