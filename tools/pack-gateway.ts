/**
 * A stick from which a gateway is installed where no registry is in reach: the packed packages with all that they need
 * for one platform, this very Node, and a script that puts them in place. Needs a registry or a filled pnpm store here.
 *
 *   pnpm gateway:pack /media/stick
 *
 * `--without-node`: leaves Node out; the machine must have 24.7 or later.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  options: { 'without-node': { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [stick] = positionals
if (stick === undefined) {
  process.stderr.write('pnpm gateway:pack STICK [--without-node]\n')
  process.exit(2)
}
const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as {
  version: string
}
const platform = `${process.platform}-${process.arch}`
const name = `doorstep-${version}-${platform}`
const work = mkdtempSync(join(tmpdir(), 'doorstep-stick-'))

function run(command: string, args: readonly string[], cwd: string): void {
  const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
}

try {
  for (const one of ['core', 'sync', 'drivers', 'cli'])
    run('pnpm', ['--filter', `@doorstep/${one}`, 'pack', '--pack-destination', work], root)
  const tarballs = readdirSync(work).filter((file) => file.endsWith('.tgz'))
  const release = join(work, name)
  mkdirSync(release)
  const dependencies = Object.fromEntries(
    tarballs.map((file) => [`@doorstep/${/^doorstep-([a-z]+)-/.exec(file)![1]!}`, `file:../${file}`]),
  )
  writeFileSync(
    join(release, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  )
  // A flat tree without links, which a stick with any file system and any tar can carry. No package's scripts are run.
  run('npm', ['install', '--omit=dev', '--ignore-scripts', '--install-links'], release)
  rmSync(join(release, 'package-lock.json'), { force: true })
  writeFileSync(join(release, 'package.json'), JSON.stringify({ private: true, type: 'module', version }))
  if (!values['without-node']) {
    mkdirSync(join(release, 'bin'))
    copyFileSync(process.execPath, join(release, 'bin/node'))
    chmodSync(join(release, 'bin/node'), 0o755)
  }
  const folder = join(resolve(stick), 'doorstep')
  mkdirSync(folder, { recursive: true })
  const archive = `${name}.tar.gz`
  run('tar', ['-czf', join(folder, archive), '-C', work, name], root)
  cpSync(join(root, 'tools/gateway-stick'), folder, { recursive: true })
  const sum = createHash('sha256')
    .update(readFileSync(join(folder, archive)))
    .digest('hex')
  writeFileSync(join(folder, `${archive}.sha256`), `${sum}  ${archive}\n`)
  process.stdout.write(`${join(folder, archive)}\n  sh ${join(folder, 'install.sh')}\n`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
