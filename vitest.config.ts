import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Real processes, sockets and terminals on a machine that others use too. Nothing with new seeds: a seed that fails is
 * a find, never to be tried again with another.
 */
const processes = [
  'packages/cli/test/**/*.test.ts',
  'packages/cli/src/workstation/{real-terminal,sync-desk}.test.ts',
  'packages/drivers/test/simulate-main.test.ts',
  'packages/sync/src/{lan,mesh,node}/**/!(*.prop).test.ts',
  'packages/sync/test/{*,attacks/*,net/*}.test.ts',
]
const never = ['**/*.sim.test.ts', '**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    // Many wait for processes and disks; vitest alone would leave one core of two to them.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', './tools/flaky-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'packages/*/test/**/*.test.{ts,tsx}',
            'tools/**/*.test.ts',
          ],
          exclude: [...never, ...processes],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'processes',
          include: processes,
          exclude: never,
          testTimeout: 120_000,
          // One more try, and the end of the run names every test that needed it.
          retry: 1,
        },
      },
      {
        test: {
          name: 'sim',
          include: ['packages/**/*.sim.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
