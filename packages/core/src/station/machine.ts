import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Tells this file on this machine from a copy of it: a copy has another inode or another birth. Renaming a home
 * changes neither. A false alarm costs one fresh epoch, so what is unsure counts as a copy.
 */
export function fingerprint(path: string): string {
  const file = statSync(path, { bigint: true })
  return [machineId(), file.ino, file.birthtimeNs].join('/')
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim()
  } catch {
    return hostname()
  }
}
