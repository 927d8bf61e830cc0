import type { Projection } from '../record/project.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, withEntries } from './command.ts'
import { personFamily } from './family.ts'
import { plainOf } from './masked-record.ts'
import { openRecordSet } from './record-set.ts'

/** Everything held about one person, in plain text. */
export type PersonCopy = {
  readonly person: string
  /** The person, residences, consents and who looked; then each home with its visits, cases and devices. */
  readonly records: readonly Projection[]
  readonly entry: EntryPlace
}

/**
 * A copy for whom it is about (PIPL 45). That it was made, by whom and why, is on disk before it is given out. Others
 * of the same household are not in it; what was said at their door is.
 */
export async function copyPerson(
  station: Station,
  person: string,
  reason: string,
): Promise<Result<PersonCopy>> {
  const why = cleanText('export', 'reason', reason, 200)
  if (!why.ok) return why
  const found = station.get(person)
  if (found?.type !== 'person') return fail({ type: 'no-such-record', id: person, wanted: 'person' })
  const noted = withEntries(
    await station.write('person.copy', (book) => {
      const subject = findRecord(book, 'person', person)
      if (!subject.ok) return subject
      const made = book.create('export', found.space, {
        set: { what: 'person-copy', subject: person, reason: why.value },
      })
      return made.ok ? ok({}) : made
    }),
  )
  if (!noted.ok) return noted
  const near = openRecordSet(station, { follow: false, spaces: [found.space] })
  // Of somebody who was merged across grids, what the others hold as well.
  const set = near.clusterOf(person) ? openRecordSet(station, { follow: false }) : near
  const family = personFamily(set, set.get(person)!)
  const homes = new Map<string, Projection>()
  for (const residence of set.referring('residence', 'person', person)) {
    const dwelling = String(residence.fields.dwelling)
    const named = set.getA('household', residence.fields.household)
    for (const home of named ? [named] : set.referring('household', 'dwelling', dwelling))
      homes.set(home.id, home)
  }
  const records = [...homes.values()].flatMap((home) => [
    home,
    ...set.referring('visit', 'household', home.id),
    ...set.referring('case', 'household', home.id),
    ...set.referring('alarm', 'household', home.id),
    ...set.referring('leave', 'household', home.id),
    ...set.referring('errand', 'household', home.id),
    ...set.referring('attachment', 'household', home.id),
    ...set
      .referring('device', 'dwelling', String(home.fields.dwelling))
      .flatMap((device) => [device, ...set.referring('review', 'device', device.id)]),
  ])
  const all = new Map([...family, ...records].map((record) => [record.id, copied(record)]))
  return ok({ person, records: [...all.values()], entry: noted.value.entries[0]! })
}

/** Of a photo what is said about it: the photo itself is opened by itself, and its key is nobody's data. */
function copied(record: Projection): Projection {
  const plain = plainOf(record)
  if (plain.type !== 'attachment') return plain
  const { key, original, preview, ...fields } = plain.fields
  return { ...plain, fields }
}
