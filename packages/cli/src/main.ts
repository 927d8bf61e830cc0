#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flush, handle, run } from '@oclif/core'
import { called, calledCommand } from './called-command.ts'
import { commandFirst, hasNoCommand } from './command-first.ts'
import { dumpingFlags, switchOffReports } from './no-dumps.ts'

const here = fileURLToPath(import.meta.url)
const root = dirname(dirname(here))
const fromSource = here.endsWith('.ts')

const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  oclif: { commands: { target: string }; helpClass?: object }
}

// node:sqlite still announces itself as experimental; that is no news to a grid worker.
process.removeAllListeners('warning')

switchOffReports()
const dumping = dumpingFlags(process.execArgv, process.env.NODE_OPTIONS)
if (dumping.length > 0)
  process.stderr.write(
    `提醒:${dumping.join(' ')} 会把内存写到盘上,里面有居民资料。 · ${dumping.join(' ')} can put memory on the disk, residents' data with it.\n`,
  )

const typed = commandFirst(process.argv.slice(2))
const onTerminal = process.stdout.isTTY && process.stdin.isTTY
const argv = hasNoCommand(typed) && onTerminal ? ['workstation', ...typed] : typed

/** oclif reads package.json; the commands lie beside this file, and only the one that is called is loaded. */
called.id = calledCommand(argv)
const commands = called.id === undefined ? 'commands' : 'one-command'
const file = (name: string) => (fromSource ? `./src/${name}.ts` : `./dist/${name}.js`)
pjson.oclif.helpClass = { target: file('language-help'), identifier: 'LanguageHelp' }
pjson.oclif.commands.target = file(commands)

try {
  await run(argv, { root, pjson: pjson as never })
  await flush()
} catch (error) {
  await handle(error as Error)
}
