/** Takes a changed configuration file in: at SIGHUP, or by itself when the file is another one. */
import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type GatewayConfig, readConfig } from './config.ts'
import type { GatewayLog } from './log.ts'
import type { ConfigFault } from './read-yaml.ts'

/** Editors write in several steps. */
const SETTLE_MS = 300

export type ConfigWatcher = { stop(): void }

/** `apply` is never run twice at once; what changed meanwhile is taken in after it. */
export function watchConfig(
  file: string,
  log: GatewayLog,
  apply: (config: GatewayConfig) => Promise<void>,
): ConfigWatcher {
  let last = ''
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  const take = (isAsked: boolean) => {
    working = working.then(async () => {
      const read = readConfig(file)
      if (!read.ok) {
        const faults = Array.isArray(read.problem.faults) ? (read.problem.faults as ConfigFault[]) : []
        const what = `${read.problem.type} ${JSON.stringify(faults)}`
        if (what === last && !isAsked) return
        last = what
        if (faults.length === 0) log.error('config-bad', { problem: read.problem })
        for (const { line, column, path, rule } of faults)
          log.error('config-bad', { line, column, path, rule })
        return
      }
      const text = JSON.stringify(read.value)
      if (text === last) return
      last = text
      await apply(read.value)
      log.info('config-changed')
    })
    working = working.catch(() => log.error('config-bad'))
  }
  const first = readConfig(file)
  if (first.ok) last = JSON.stringify(first.value)
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => take(false), SETTLE_MS)
  }
  // The folder: most editors put another file in the place of the old one.
  const folder = watchFolder(dirname(file), (name) => name === basename(file) && soon())
  const onHangUp = () => take(true)
  process.on('SIGHUP', onHangUp)
  return {
    stop() {
      clearTimeout(timer)
      folder?.close()
      process.off('SIGHUP', onHangUp)
    },
  }
}

/** Where a system cannot tell of changes, SIGHUP is left. */
function watchFolder(folder: string, onChange: (name: string | null) => void) {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => onChange(name))
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null
  }
}
