import { type ChildProcess, fork } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { FromStep, Usage } from './step.ts'

export type StepName =
  | 'side-build'
  | 'side-newcomer'
  | 'side-write'
  | 'side-serve'
  | 'side-meet'
  | 'side-check'
  | 'pouch-build'
  | 'alarm-grid'
  | 'alarm-laptop'
  | 'alarm-gateway'
  | 'mqtt-gateway'
  | 'mqtt-load'
  | 'doorstep-bundle'
  | 'doorstep-save'
  | 'doorstep-bus'
  | 'doorstep-form'
  | 'doorstep-readings'
  | 'plain-readings'
  | 'pouch-save'
  | 'doorstep-open'
  | 'pouch-open'
  | 'doorstep-import'
  | 'doorstep-keys'
  | 'pouch-import'
  | 'build-year'
  | 'scale-gateway'
  | 'scale-evening'

export type Done<Output> = {
  readonly value: Output
  readonly usage: Usage
  /** From the start of the process to its answer, start-up of node included. */
  readonly wholeMs: number
}

export type Serving<Ready, Output> = { readonly ready: Ready; stop(): Promise<Done<Output>> }

let profileFolder: string | null = null

/** From here on every step leaves a CPU profile in a folder. */
export function profileInto(folder: string): void {
  profileFolder = folder
}

/** By side where a step has one, so that the profiles of the sides are not added up. */
const profileName = (name: StepName, input: unknown): string => {
  const { side } = input as { side?: string }
  return side ? `${name}-${side}` : name
}

/** Starts node afresh on a step: its own memory, its own JIT. Type annotations are stripped by node itself. */
function start(name: StepName, input: unknown): ChildProcess {
  const folder = name.startsWith('pouch-') ? '../peers' : 'steps'
  const script = fileURLToPath(new URL(`${folder}/${name}.ts`, import.meta.url))
  // automerge-repo asks for timeouts in the past.
  const execArgv = ['--disable-warning=TimeoutNegativeWarning']
  // The screens are in TSX, which node does not strip by itself.
  if (name === 'doorstep-keys') execArgv.push('--import', import.meta.resolve('tsx'))
  if (profileFolder)
    execArgv.push(
      '--cpu-prof',
      `--cpu-prof-dir=${profileFolder}`,
      `--cpu-prof-name=${profileName(name, input)}-${Date.now()}.cpuprofile`,
    )
  const child = fork(script, [], { execArgv, cwd: tmpdir(), stdio: ['ignore', 2, 2, 'ipc'] })
  child.send({ type: 'input', value: input })
  return child
}

const nextFrom = (child: ChildProcess, name: StepName): Promise<FromStep> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`step ${name} ended with ${code} before it answered`))
    child.once('exit', ended)
    child.once('message', (message: FromStep) => {
      child.off('exit', ended)
      resolve(message)
    })
  })

const exitOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

export async function runStep<Output>(name: StepName, input: unknown): Promise<Done<Output>> {
  const startedAt = performance.now()
  const child = start(name, input)
  const answer = await nextFrom(child, name)
  const wholeMs = performance.now() - startedAt
  if (answer.type !== 'result') throw new Error(`step ${name} waits for somebody to stop it`)
  await exitOf(child)
  return { value: answer.value as Output, usage: answer.usage, wholeMs }
}

/** A step that others need while it runs. */
export async function serveStep<Ready, Output>(
  name: StepName,
  input: unknown,
): Promise<Serving<Ready, Output>> {
  const startedAt = performance.now()
  const child = start(name, input)
  const first = await nextFrom(child, name)
  if (first.type !== 'ready') throw new Error(`step ${name} ended at once`)
  return {
    ready: first.value as Ready,
    async stop() {
      const last = nextFrom(child, name)
      child.send({ type: 'stop' })
      const answer = await last
      if (answer.type !== 'result') throw new Error(`step ${name} was ready twice`)
      await exitOf(child)
      return { value: answer.value as Output, usage: answer.usage, wholeMs: performance.now() - startedAt }
    },
  }
}
