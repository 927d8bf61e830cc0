import type { Store } from '../store/store.ts'

/** How long a lease outlives its holder's last word. */
const LEASE_MS = 30_000

/**
 * One process of a home at a time holds a lease: two that meet others in its name would cut each other off.
 * Renewed by asking again; free when its holder has gone or has not asked for a while.
 */
export function holdLease(store: Store, name: string): boolean {
  return store.transaction(() => {
    const held = store.setting(`lease/${name}`)
    const { pid, until } = held
      ? (JSON.parse(Buffer.from(held).toString()) as { pid: number; until: number })
      : { pid: 0, until: 0 }
    if (pid !== process.pid && until > Date.now() && isAlive(pid)) return false
    store.putSetting(
      `lease/${name}`,
      Buffer.from(JSON.stringify({ pid: process.pid, until: Date.now() + LEASE_MS })),
    )
    return true
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
