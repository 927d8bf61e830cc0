import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Everything that must hold before a change lands, in order, the quick ones first. Stops at the first that fails.
 * Ends with a line that counts the tests.
 */
const folder = mkdtempSync(join(tmpdir(), 'doorstep-check-'))
const results = join(folder, 'tests.json')
const pnpm = (...args: string[]) => ['pnpm', ...args]

const steps: { name: string; command: string[] }[] = [
  { name: 'lint and format', command: pnpm('exec', 'biome', 'ci', '.') },
  { name: 'types', command: pnpm('types') },
  {
    name: 'tests',
    command: pnpm(
      'test',
      '--reporter=default',
      '--reporter=./tools/flaky-reporter.ts',
      '--reporter=json',
      `--outputFile.json=${results}`,
    ),
  },
  { name: 'demo', command: pnpm('--silent', 'demo', '--json') },
  { name: 'packed packages', command: pnpm('exec', 'tsx', 'tools/try-packed.ts') },
]

const durations: string[] = []
try {
  for (const { name, command } of steps) {
    process.stdout.write(`\n── ${name}\n`)
    const startedAt = Date.now()
    const { status } = spawnSync(command[0]!, command.slice(1), { stdio: 'inherit' })
    durations.push(`${name} ${((Date.now() - startedAt) / 1000).toFixed(0)} s`)
    if (status !== 0) {
      process.stdout.write(`\n${name} failed\n`)
      process.exitCode = 1
      break
    }
  }
  process.stdout.write(`\n${durations.join(' · ')}\n`)
  if (durations.length > 2) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(results, 'utf8'),
    ) as Record<string, number>
    process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
