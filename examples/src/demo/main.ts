import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Stage } from './stage.ts'
import { type DemoReport, tell } from './story.ts'

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, lang: { type: 'string' }, keep: { type: 'boolean' } },
})
const locale = flags.lang ?? process.env.DOORSTEP_LANG ?? process.env.LC_ALL ?? process.env.LANG ?? ''
const stage = new Stage(locale.startsWith('zh') ? 'zh' : 'en', flags.json === true)
const folder = mkdtempSync(join(tmpdir(), 'doorstep-demo-'))
let report: DemoReport | null = null
try {
  report = await tell(stage, folder)
  if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (process.stdin.isTTY && process.stdout.isTTY) await offerWorkstation()
} finally {
  if (!flags.keep) rmSync(folder, { recursive: true, force: true })
}
process.exitCode = report?.ok ? 0 : 1

async function offerWorkstation(): Promise<void> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await prompt.question(
    stage.words(['\n   打开甲的工作站看看?[y/N] ', "\n   Open A's workstation to look around? [y/N] "]),
  )
  prompt.close()
  if (!/^y/i.test(answer.trim())) return
  spawnSync(
    process.execPath,
    [
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(import.meta.resolve('@doorstep/cli/main')),
      'workstation',
    ],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        DOORSTEP_HOME: join(folder, 'laptop-a'),
        DOORSTEP_PASSPHRASE: 'demo only: three impossible walls',
      },
    },
  )
}
