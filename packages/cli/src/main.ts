#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flush, handle, run } from '@oclif/core'
import { commandFirst, hasNoCommand } from './command-first.ts'
import { dumpingFlags, switchOffReports } from './no-dumps.ts'

const here = fileURLToPath(import.meta.url)
const root = dirname(dirname(here))
const fromSource = here.endsWith('.ts')

/** oclif reads package.json; from source the commands lie beside this file instead of in dist. */
const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  oclif: { commands: { target: string } }
}
if (fromSource) pjson.oclif.commands.target = './src/commands.ts'

// node:sqlite still announces itself as experimental; that is no news to a grid worker.
process.removeAllListeners('warning')

switchOffReports()
const dumping = dumpingFlags(process.execArgv, process.env.NODE_OPTIONS)
if (dumping.length > 0)
  process.stderr.write(
    `提醒:${dumping.join(' ')} 会把内存写到盘上,里面有居民资料。 · ${dumping.join(' ')} can put memory on the disk, residents' data with it.\n`,
  )

const argv = commandFirst(process.argv.slice(2))
try {
  const onTerminal = process.stdout.isTTY && process.stdin.isTTY
  await run(hasNoCommand(argv) && onTerminal ? ['workstation', ...argv] : argv, {
    root,
    pjson: pjson as never,
  })
  await flush()
} catch (error) {
  await handle(error as Error)
}
