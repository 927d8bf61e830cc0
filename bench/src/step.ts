/** The child's side of a step: one process, one thing measured. Parent's side: run-step.ts. */

export type Usage = {
  readonly rssBytes: number
  readonly peakRssBytes: number
  readonly cpuMs: number
}

export type FromStep =
  | { readonly type: 'ready'; readonly value: unknown }
  | { readonly type: 'result'; readonly value: unknown; readonly usage: Usage }

export type StepTalk = {
  /** Tells the parent that others may begin. */
  ready(value: unknown): void
  /** Resolves when the parent says that this step may end. */
  readonly stopped: Promise<void>
}

/** Runs `work` on what the parent sends, answers, and ends the process. */
export function step<Input>(work: (input: Input, talk: StepTalk) => Promise<unknown>): void {
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  process.on('message', (message: { type: 'input'; value: Input } | { type: 'stop' }) => {
    if (message.type === 'stop') stop()
    else
      void work(message.value, { ready: (value) => say({ type: 'ready', value }), stopped }).then((value) =>
        say({ type: 'result', value, usage: usage() }, () => process.exit(0)),
      )
  })
  process.on('disconnect', () => process.exit(1))
}

const say = (message: FromStep, said?: () => void): void => {
  process.send!(message, undefined, {}, () => said?.())
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return {
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    cpuMs: (user + system) / 1000,
  }
}
