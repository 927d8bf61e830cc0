/**
 * What a crash would leave on the disk: diagnostic reports hold stacks and the environment, heap snapshots hold every
 * record that was open. Reports are switched off; flags that cannot be taken back are named, so that somebody takes
 * them out. What the system itself keeps (swap, hibernation, core files) is not ours to switch.
 */
const DUMPING = [
  '--heapsnapshot-near-heap-limit',
  '--heapsnapshot-signal',
  '--heap-prof',
  '--cpu-prof',
  '--abort-on-uncaught-exception',
]

export function switchOffReports(report: Partial<NodeJS.ProcessReport> = process.report): void {
  Object.assign(report, {
    reportOnFatalError: false,
    reportOnSignal: false,
    reportOnUncaughtException: false,
    excludeEnv: true,
    excludeNetwork: true,
  })
}

/** Flags of this process, its own and those of NODE_OPTIONS, by which memory could get onto the disk. */
export function dumpingFlags(argv: readonly string[], nodeOptions: string | undefined): string[] {
  const given = [...argv, ...(nodeOptions ?? '').split(/\s+/)].map((word) =>
    word.replace(/=.*$/, '').replaceAll('_', '-'),
  )
  return DUMPING.filter((flag) => given.includes(flag))
}
