import { memberAt, noteExport, ok, type Result, type Station } from '@doorstep/core'
import { type BundleOptions, type BundleWritten, writeBundle } from '@doorstep/sync'

/** `noted`: the export record that says so; null where this station may not write, and carries all the same. */
export type ExportedBundle = BundleWritten & { readonly noted: string | null }

/** A bundle to carry, and before it a note in the log that it left: what, how much, for whom. */
export async function exportBundle(
  station: Station,
  path: string,
  options: BundleOptions = {},
): Promise<Result<ExportedBundle>> {
  const { forStation } = options
  const unknown = forStation !== undefined && !memberAt(station.membership(), forStation)
  const spaces = station.spaces().map(({ id }) => id)
  const noted = unknown
    ? ok(null)
    : await noteExport(station, 'bundle.write', {
        what: 'bundle',
        spaces,
        count: spaces.reduce((sum, space) => sum + station.digest(space).entries, 0),
        ...(forStation === undefined ? {} : { to: forStation }),
      })
  if (!noted.ok) return noted
  const written = await writeBundle(station, path, options)
  return written.ok ? ok({ ...written.value, noted: noted.value?.export ?? null }) : written
}
