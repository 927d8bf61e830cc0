import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteStore } from './sqlite-store.ts'

test('what was kept of the file is read anew after another process wrote it, and after it was undone here', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-memo-'))
  const file = join(folder, 'station.db')
  const [here, there] = [openSqliteStore(file, new Uint8Array(32)), openSqliteStore(file, new Uint8Array(32))]
  const log = { key: new Uint8Array(32), epoch: new Uint8Array(16), space: 'sp-0001' }
  try {
    const seen = () => [here.setting('name'), here.logs('sp-0001').length, here.logs().length]
    expect(seen()).toEqual([null, 0, 0])
    there.transaction(() => {
      there.putSetting('name', new Uint8Array([1]))
      there.putLog(log)
    })
    expect(seen()).toEqual([new Uint8Array([1]), 1, 1])
    const undone = () =>
      here.transaction(() => {
        here.putSetting('name', new Uint8Array([2]))
        here.putLog({ ...log, epoch: new Uint8Array(16).fill(1) })
        expect(seen()).toEqual([new Uint8Array([2]), 2, 2])
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    expect(seen()).toEqual([new Uint8Array([1]), 1, 1])
    there.transaction(() => there.dropSetting('name'))
    expect(seen()).toEqual([null, 1, 1])
  } finally {
    here.close()
    there.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
