/** Real commands as child processes, each against a home in a temporary folder. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Asked } from './resident.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const resident = fileURLToPath(new URL('./resident.ts', import.meta.url))
/** Node runs the sources as they are; what it made of them is kept between runs, which halves the time of each. */
const compileCache = join(tmpdir(), 'doorstep-compile-cache')
export const registers = fileURLToPath(new URL('../../../examples/registers/', import.meta.url))

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type World = {
  readonly folder: string
  /** Runs a command to its end. `input` is its standard input, which is empty when not given. */
  run(
    args: readonly string[],
    options?: { readonly input?: string; readonly env?: Environment },
  ): Promise<Ran>
  /** As `run` with `--json`: the one document on stdout, whatever the exit code. */
  json(args: readonly string[], options?: { readonly input?: string }): Promise<Json>
  start(args: readonly string[], env?: Environment): ChildProcess
  remove(): void
}
type Environment = Readonly<Record<string, string>>
/** What a test looks into by hand. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about
export type Json = any

/** `isResident`: all commands are run by one process, which stays; what differs in its environment has one of its own. */
export function createWorld({ isResident = false } = {}): World {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-cli-'))
  const optionsWith = (env: Environment) => ({
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: compileCache,
      HOME: folder,
      LANG: 'en_GB.UTF-8',
      DOORSTEP_HOME: join(folder, 'home'),
      DOORSTEP_PASSPHRASE: 'a test passphrase',
      ...env,
    },
  })
  const start = (args: readonly string[], env: Environment = {}) =>
    spawn(process.execPath, [main, ...args], optionsWith(env))
  const alone: World['run'] = async (args, { input = '', env = {} } = {}) => {
    const child = start(args, env)
    child.stdin!.on('error', () => {})
    child.stdin!.end(input)
    const [stdout, stderr, code] = await Promise.all([
      textOf(child.stdout!),
      textOf(child.stderr!),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ])
    return { code, stdout, stderr }
  }
  const ask = isResident
    ? new Resident(() => fork(resident, { ...optionsWith({}), execArgv: [], silent: true }))
    : null
  const run: World['run'] = (args, options = {}) =>
    ask && !options.env ? ask.run({ args, input: options.input ?? '' }) : alone(args, options)
  return {
    folder,
    run,
    start,
    async json(args, options) {
      const ran = await run([...args, '--json'], options)
      try {
        return JSON.parse(ran.stdout)
      } catch {
        throw new Error(`not one JSON document: ${ran.stdout}\n${ran.stderr}`)
      }
    },
    remove() {
      ask?.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The process of `resident.ts`: one command at a time, in the order they were asked for. */
class Resident {
  readonly #fork: () => ChildProcess
  #child: ChildProcess | null = null
  #last: Promise<unknown> = Promise.resolve()
  /** What it said of its own end; what its commands say comes with their answers. */
  #lastWords = ''
  #isOver = false

  constructor(start: () => ChildProcess) {
    this.#fork = start
  }

  run(asked: Asked): Promise<Ran> {
    const answer = this.#last.then(() => this.#ask(asked))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async #ask(asked: Asked): Promise<Ran> {
    // What a test that failed had still asked for.
    if (this.#isOver) throw new Error(`nobody is there any more to run: ${asked.args.join(' ')}`)
    if (!this.#child) {
      this.#child = this.#fork()
      this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        this.#lastWords += text
      })
    }
    const child = this.#child
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => {
        this.#child = null
        reject(new Error(`ended with ${code} at: ${asked.args.join(' ')}\n${this.#lastWords}`))
      }
      child.once('close', ended)
      child.once('message', (ran: Ran) => {
        child.off('close', ended)
        resolve(ran)
      })
      child.send(asked)
    })
  }

  kill(): void {
    this.#isOver = true
    this.#child?.kill('SIGKILL')
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  stream.setEncoding('utf8')
  for await (const chunk of stream) text += String(chunk)
  return text
}
