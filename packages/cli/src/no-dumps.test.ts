import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dumpingFlags } from './no-dumps.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const NO_DUMPS = new URL('no-dumps.ts', import.meta.url).href

test('flags that put memory on the disk are found, however they are written', () => {
  expect(dumpingFlags([], undefined)).toEqual([])
  expect(dumpingFlags(['--import', 'tsx', '--enable-source-maps'], '--max-old-space-size=4096')).toEqual([])
  expect(dumpingFlags(['--heapsnapshot-near-heap-limit=2'], '--heap_prof')).toEqual([
    '--heapsnapshot-near-heap-limit',
    '--heap-prof',
  ])
})

test('reports are switched off: a bug leaves none, which it would without', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-dumps-'))
  const fall = (before: string) =>
    run([
      '--report-uncaught-exception',
      `--report-directory=${folder}`,
      '--input-type=module',
      '--eval',
      `import { switchOffReports } from ${JSON.stringify(NO_DUMPS)}\n${before}\nthrow new Error('a bug')`,
    ])
  try {
    await fall('switchOffReports()')
    expect(readdirSync(folder)).toEqual([])
    await fall('')
    expect(readdirSync(folder)).toHaveLength(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a command says which flags are not ours to switch off', async () => {
  const { stderr } = await run(['--heapsnapshot-near-heap-limit=1', MAIN, 'form', 'list', '--json'])
  expect(stderr).toContain('--heapsnapshot-near-heap-limit')
  expect((await run([MAIN, 'form', 'list', '--json'])).stderr).toBe('')
})

const run = (args: readonly string[]): Promise<{ readonly stderr: string }> =>
  new Promise((resolve) =>
    execFile(
      process.execPath,
      [...args],
      { env: { ...process.env, NODE_OPTIONS: '' } },
      (_error, _stdout, stderr) => resolve({ stderr }),
    ),
  )
