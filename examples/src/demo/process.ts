import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(import.meta.resolve('@doorstep/cli/main'))
export type Home = {
  readonly name: string
  readonly language: 'zh' | 'en'
  readonly path: string
  readonly secret: Readonly<Record<string, string>>
}

const env = (home: Home) => ({
  ...process.env,
  ...home.secret,
  DOORSTEP_HOME: home.path,
  DOORSTEP_LANG: home.language,
  NO_COLOR: '1',
})

/** Runs one command as its own process, as a script would, and reads the JSON it prints. */
export async function doorstep<T>(home: Home, args: readonly string[], input = ''): Promise<T> {
  const child = spawn(process.execPath, [CLI, ...args, '--json'], {
    env: env(home),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  try {
    const value = JSON.parse(out) as T & { error?: { message: string } }
    if (code === 0) return value
    throw new Error(value.error?.message ?? out)
  } catch (error) {
    throw new Error(
      `${home.name}: doorstep ${args.join(' ')} (exit ${code}): ${error instanceof Error ? error.message : ''}\n${err}`,
    )
  }
}

/** Starts a long-running command; gives the one document it prints when it is ready. */
export async function start<T>(
  home: Home | null,
  args: readonly string[],
  file = CLI,
): Promise<{ child: ChildProcess; ready: T }> {
  const child = spawn(process.execPath, [file, ...args], {
    env: home ? env(home) : process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString('utf8')
  })
  const ready = await new Promise<T>((resolve, reject) => {
    const read = (bytes: Buffer) => {
      out += bytes.toString('utf8')
      const value = parsed<T>(out)
      if (value === null) return
      child.stdout.off('data', read)
      resolve(value)
    }
    child.stdout.on('data', read)
    child.on('close', () => reject(new Error(`${args.join(' ')} ended before it was ready\n${err}`)))
  })
  child.stdout.resume()
  return { child, ready }
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'close')
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('utf8')
}
