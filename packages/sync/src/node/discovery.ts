import { sha256, toHex } from '@doorstep/core'
import { Bonjour, type Service } from 'bonjour-service'

const TYPE = 'doorstep'

/** What is called out on the LAN: which community, but only to those who know it. */
const tagOf = (community: string): string => toHex(sha256('doorstep/mdns/1', community)).slice(0, 16)

/**
 * Says on the LAN that a station of this community listens here (RFC 6762, 6763). Multicast is often filtered, so
 * silence proves nothing; a failure of the network is reported and otherwise ignored.
 */
export function announce(
  community: string,
  port: number,
  onError: (error: Error) => void,
): () => Promise<void> {
  const bonjour = new Bonjour({}, (error: unknown) =>
    onError(error instanceof Error ? error : new Error(String(error))),
  )
  const name = `doorstep-${toHex(sha256(community, String(process.pid), String(Date.now()))).slice(0, 12)}`
  bonjour.publish({ name, type: TYPE, port, txt: { c: tagOf(community) } })
  return () => new Promise((resolve) => bonjour.unpublishAll(() => bonjour.destroy(() => resolve())))
}

/** Calls back with the address of every station of this community that is heard; until stopped. */
export function listen(
  community: string,
  onFound: (address: string) => void,
  onError: (error: Error) => void,
): () => void {
  const bonjour = new Bonjour({}, (error: unknown) =>
    onError(error instanceof Error ? error : new Error(String(error))),
  )
  bonjour.find({ type: TYPE }, (service: Service) => {
    if ((service.txt as Record<string, unknown> | undefined)?.c !== tagOf(community)) return
    for (const host of service.addresses ?? []) if (!host.includes(':')) onFound(`${host}:${service.port}`)
  })
  return () => bonjour.destroy()
}

/** Listens for a while. An empty list also when the network has no multicast at all. */
export function findStations(community: string, forMs: number, signal?: AbortSignal): Promise<string[]> {
  return new Promise((resolve) => {
    const found = new Set<string>()
    const stop = listen(
      community,
      (address) => found.add(address),
      () => undefined,
    )
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      stop()
      resolve([...found])
    }
    const timer = setTimeout(finish, forMs)
    signal?.addEventListener('abort', finish)
  })
}
