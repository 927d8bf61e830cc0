import { expect, test } from 'vitest'
import { type HistoryReport, runHistory } from './convergence.ts'

/** Fixed seeds; a seed that ever failed stays here by number. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

test('A9 A10 A13 A15 any order, doubling and partition of deliveries ends in equal digests, and no acknowledged value is lost', async () => {
  const reports: HistoryReport[] = []
  for (const seed of SEEDS) reports.push(await runHistory(seed, 60))
  const sum = (pick: (report: HistoryReport) => number) =>
    reports.reduce((total, report) => total + pick(report), 0)
  // Histories in which nothing happened would prove nothing.
  expect(sum((report) => report.forks)).toBeGreaterThan(0)
  expect(sum((report) => report.conflicts)).toBeGreaterThan(5)
  expect(sum((report) => report.entries)).toBeGreaterThan(200)
})
