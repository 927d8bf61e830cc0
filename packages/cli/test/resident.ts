import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Config, flush, handle, run } from '@oclif/core'
import { commandFirst } from '../src/command-first.ts'
import type { Ran } from './run.ts'

/**
 * Commands one after another in one process, each as `main.ts` would run it, its home opened and closed again: for
 * tests of what is said, where a process for each command would prove nothing more and take half a second.
 */

export type Asked = { readonly args: readonly string[]; readonly input: string }

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  oclif: { commands: { target: string } }
}
pjson.oclif.commands.target = './src/commands.ts'
const config = await Config.load({ root, pjson: pjson as never })
process.removeAllListeners('warning')

async function ran({ args, input }: Asked): Promise<Ran> {
  const told = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      told[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      const written = rest.at(-1)
      if (typeof written === 'function') written()
      return true
    }) as typeof process.stdout.write
  Object.defineProperty(process, 'stdin', { value: Readable.from(input === '' ? [] : [input]) })
  process.exitCode = undefined
  process.exit = ((code: number) => {
    process.exitCode = code
  }) as typeof process.exit
  try {
    await run(commandFirst(args), config)
    await flush()
  } catch (error) {
    await handle(error as Error)
  }
  const code = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  return { code, ...told }
}

process.on('message', (asked: Asked) => {
  void ran(asked).then((answer) => process.send!(answer))
})
