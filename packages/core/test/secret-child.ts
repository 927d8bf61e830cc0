import { writeSync } from 'node:fs'
import { argv } from 'node:process'
import { destroyHome } from '../src/station/destroy-home.ts'
import { openHome } from '../src/station/home.ts'

/**
 * A process of its own, to be killed: it tries wrong passphrases without end, or destroys a home.
 *   ready · tried TYPE · destroyed
 */
const [, , work = '', home = ''] = argv
const say = (...words: string[]) => writeSync(1, `${words.join(' ')}\n`)

say('ready')
if (work === 'guess')
  for (let n = 0; ; n++) {
    const opened = openHome(home, { type: 'passphrase', text: `wrong ${n}` })
    say('tried', opened.ok ? 'opened' : opened.problem.type)
  }
const destroyed = destroyHome(home, { reason: 'removed', at: 1_790_000_000_000 })
say('destroyed', destroyed.ok ? '' : destroyed.problem.type)
