import type { Reporter, TestModule } from 'vitest/node'

/** Names the tests that passed only when they were tried again: green, and to be looked into. */
export default class FlakyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules.flatMap((module) =>
      [...module.children.allTests('passed')]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => ({
          name: test.fullName,
          file: module.relativeModuleId,
          errors: test.result().errors,
        })),
    )
    if (flaky.length === 0) return
    process.stdout.write(`\n${flaky.length} passed only on the second try:\n`)
    for (const { file, name, errors } of flaky)
      process.stdout.write(`  ${file} > ${name}: ${errors?.[0]?.message.split('\n')[0] ?? ''}\n`)
  }
}
