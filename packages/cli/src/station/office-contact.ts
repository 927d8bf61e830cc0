import { communityCard, type Station } from '@doorstep/core'

/** How residents reach the office, as a chief wrote it down; null until then. */
export function officeContact(station: Station): string | null {
  const contact = communityCard(station)?.fields.contact
  return typeof contact === 'string' && contact !== '' ? contact : null
}
