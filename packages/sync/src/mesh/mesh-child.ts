import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromMesh, ToMesh } from './mesh-messages.ts'

/** The mesh process as its parent holds it. */
export type MeshChild = {
  readonly pid: number | undefined
  tell(message: ToMesh): void
  /** Asks it to leave; kills it when it has not after `timeoutMs`. Resolves when it is gone. */
  stop(timeoutMs: number): Promise<void>
}

/** From source or built, this file's own kind of neighbour. */
const processFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './mesh-process.ts' : './mesh-process.js', import.meta.url),
)
/** What a crash has left to say is kept up to here. */
const lastWordsLimit = 4_096

/** `onExit` gets the end of what the process wrote to stderr. */
export function startMeshChild(options: {
  readonly onMessage: (message: FromMesh) => void
  readonly onExit: (lastWords: string) => void
}): MeshChild {
  const child: ChildProcess = fork(processFile, [], {
    serialization: 'advanced',
    execArgv: inheritedArguments(process.execArgv),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let lastWords = ''
  let isGone = false
  const gone = new Promise<void>((resolve) => {
    const finish = (detail: string) => {
      if (isGone) return
      isGone = true
      child.stderr?.destroy()
      resolve()
      options.onExit(detail)
    }
    child.once('exit', (code, signal) => finish(lastWords || `exit ${signal ?? code}`))
    child.once('error', (error) => {
      if (child.pid === undefined) finish(error.message)
    })
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    lastWords = (lastWords + bytes.toString()).slice(-lastWordsLimit)
  })
  child.on('message', (message) => {
    if (!isGone) options.onMessage(message as FromMesh)
  })

  const tell = (message: ToMesh) => {
    // A channel that breaks while we write shows as the exit that follows.
    if (child.connected) child.send(message, () => {})
  }
  return {
    pid: child.pid,
    tell,
    async stop(timeoutMs) {
      if (isGone) return
      tell({ type: 'close' })
      const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
      await gone
      clearTimeout(killer)
    },
  }
}

/** The parent's loader goes along (so TypeScript runs from source); what is for the parent alone does not. */
export function inheritedArguments(execArgv: readonly string[]): string[] {
  const alone = /^--(inspect|watch|test|cpu-prof|heap-prof|input-type|permission|allow-)/
  const kept: string[] = []
  for (let at = 0; at < execArgv.length; at++) {
    const argument = execArgv[at]!
    if (argument === '-e' || argument === '--eval' || argument === '-p' || argument === '--print') at++
    else if (!alone.test(argument)) kept.push(argument)
  }
  return kept
}
