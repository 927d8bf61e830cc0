import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, withEntries } from './command.ts'

/** Sets what a community says of one kind of case; null gives a field back to the program. A chief's to do. */
export async function setCaseKind(
  station: Station,
  { code, set }: { readonly code: string; readonly set: Readonly<Record<string, Value>> },
): Promise<Result<{ readonly record: string; readonly entries: readonly EntryPlace[] }>> {
  const role = station.member()?.role ?? null
  const space = station.communitySpace()
  if (role !== 'chief' || !space) return fail({ type: 'role-may-not', role, action: 'kind.edit' })
  const clean = cleanText('kind', 'code', code, 60)
  if (!clean.ok) return clean
  const id = derivedId('ck', [station.identity.community, clean.value])
  return withEntries(
    await station.write('record.edit', (book) => {
      const done: Result<unknown> = book.get(id)
        ? book.edit(id, { set })
        : book.create('kind', space, { set: { ...set, code: clean.value } }, id)
      return done.ok ? ok({ record: id }) : done
    }),
  )
}
