import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../peers/', import.meta.url))

/** The peers are not installed with Doorstep: 100 MB that only this run needs. Once, as their lockfile says. */
export function installPeers(): void {
  if (existsSync(`${FOLDER}node_modules/.modules.yaml`)) return
  process.stderr.write(`installing the peers once (100 MB) · 首次安装对照软件:${FOLDER}\n`)
  const args = ['install', '--frozen-lockfile', '--prefer-offline']
  const done = spawnSync('pnpm', args, { cwd: FOLDER, stdio: ['ignore', 2, 2] })
  if (done.status === 0) return
  process.stderr.write(
    `the peers could not be installed: connect to the registry and run it again, or measure Doorstep alone: pnpm bench --peer none\n`,
  )
  process.exit(1)
}
