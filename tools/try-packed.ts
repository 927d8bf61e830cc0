import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Packs the four packages as they would be published, installs the tarballs with npm in an empty folder, and tries
 * the command and the library there: what works only inside the workspace shows here.
 */
const folder = mkdtempSync(join(tmpdir(), 'doorstep-packed-'))
const env = {
  ...process.env,
  DOORSTEP_PASSPHRASE: 'three impossible walls',
  DOORSTEP_HOME: join(folder, 'home'),
  npm_config_audit: 'false',
  npm_config_fund: 'false',
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  return stdout
}

const EMBEDDER = `
import { createCommunity, expectOk } from '@doorstep/core'
import { showBundle, writeBundle } from '@doorstep/sync'
import { decodeHex } from '@doorstep/drivers'
const station = expectOk(await createCommunity({ home: 'library-home', secret: { type: 'key', bytes: new Uint8Array(32) }, community: 'packed', member: 'packed', grids: ['one'] }))
expectOk(await writeBundle(station, 'packed.bundle'))
await station.close()
const { manifest } = expectOk(showBundle('packed.bundle'))
const decoded = decodeHex('dlt645', '68 90 78 56 34 12 00 68 11 04 33 33 33 33 55 16')
if (!decoded.ok || decoded.value.frames.length !== 1) throw new Error('the packed driver does not decode')
process.stdout.write(manifest.community)
`

try {
  for (const name of ['core', 'sync', 'drivers', 'cli'])
    run('pnpm', ['--filter', `@doorstep/${name}`, 'pack', '--pack-destination', folder], '.')
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  run('npm', ['install', '--no-save', ...tarballs.map((file) => `./${file}`)], folder)
  const doorstep = (...args: string[]) =>
    run(join(folder, 'node_modules/.bin/doorstep'), [...args, '--json'], folder)
  const { spaces } = JSON.parse(
    doorstep('init', '--community', 'packed', '--member', 'packed', '--grid', 'one'),
  ) as { spaces: unknown[] }
  if (spaces.length !== 2) throw new Error('init from the packed command made no spaces')
  const { ok } = JSON.parse(doorstep('doctor')) as { ok: boolean }
  if (!ok) throw new Error('doctor from the packed command is not content')
  JSON.parse(doorstep('form', 'list'))
  writeFileSync(join(folder, 'embedder.js'), EMBEDDER)
  run(process.execPath, ['embedder.js'], folder)
  process.stdout.write(`${tarballs.length} packages packed, installed and tried\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
