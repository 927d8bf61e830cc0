/** Real commands as child processes, each against a home in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
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

export function createWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-cli-'))
  const start = (args: readonly string[], env: Environment = {}) =>
    spawn(process.execPath, [main, ...args], {
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
  const run: World['run'] = async (args, { input = '', env = {} } = {}) => {
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
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  stream.setEncoding('utf8')
  for await (const chunk of stream) text += String(chunk)
  return text
}
