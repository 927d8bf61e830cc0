import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism, freemem, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { createCommunity, expectOk, type Station, supportFacts } from '@doorstep/core'

/** The facts of the home, and of the machine and program around it. No host name, no user, no path. */
export async function supportReport(
  station: Station,
  opened: { readonly openMs: number; readonly version: string },
) {
  const disk = statfsSync(station.home)
  return {
    doorstep: 'support/1',
    at: new Date(station.now).toISOString(),
    program: {
      version: opened.version,
      node: process.versions.node,
      sqlite: process.versions.sqlite ?? null,
      openssl: process.versions.openssl ?? null,
      packed: import.meta.filename.endsWith('.js'),
    },
    machine: {
      platform: platform(),
      release: release(),
      architecture: process.arch,
      processors: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      diskBytes: disk.blocks * disk.bsize,
      freeDiskBytes: disk.bavail * disk.bsize,
      fileSystem: disk.type,
    },
    timings: { openMs: rounded(opened.openMs), ...(await scratchTimings(station.home)) },
    home: supportFacts(station),
  }
}

const SAVES = 5

/** How long a small save takes on this disk, in a home of its own that is taken away again; null where none can be made. */
async function scratchTimings(home: string): Promise<{ readonly saveMs: readonly number[] | null }> {
  let folder: string
  try {
    folder = mkdtempSync(join(home, 'scratch-'))
  } catch {
    return { saveMs: null }
  }
  try {
    const secret = { type: 'key', bytes: new Uint8Array(randomBytes(32)) } as const
    const founded = await createCommunity({
      home: folder,
      secret,
      community: 'scratch',
      member: 'scratch',
      grids: ['scratch'],
    })
    if (!founded.ok) return { saveMs: null }
    const scratch = founded.value
    const grid = scratch.spaces().find((space) => space.kind === 'grid')!.id
    const saveMs: number[] = []
    for (let n = 0; n < SAVES; n++) {
      const startedAt = performance.now()
      expectOk(
        await scratch.write('record.edit', (book) =>
          book.create('building', grid, { set: { name: `${n}` } }),
        ),
      )
      saveMs.push(rounded(performance.now() - startedAt))
    }
    await scratch.close()
    return { saveMs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** To a tenth of a millisecond. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10
