import { networkInterfaces } from 'node:os'
import { sha256, toHex } from '@doorstep/core'
import { Bonjour, type Service } from 'bonjour-service'
import type { Multicast } from './meeting-attempts.ts'

const TYPE = 'doorstep'

/** What is called out on the LAN: which community, but only to those who know it. */
const tagOf = (community: string): string => toHex(sha256('doorstep/mdns/1', community)).slice(0, 16)

/** What a station looks for or says it is: of a community, or holding a code open. */
type Call = { readonly key: 'c' | 'p'; readonly value: string }
const communityCall = (community: string): Call => ({ key: 'c', value: tagOf(community) })
/** The public part of a code, as it is: it finds the inviter for a newcomer who knows no community yet. */
const codeCall = (rendezvous: string): Call => ({ key: 'p', value: rendezvous })

/**
 * Says on the LAN that a station of this community listens here (RFC 6762, 6763). Multicast is often filtered, so
 * silence proves nothing; a failure of the network is reported and otherwise ignored.
 */
export const announce = (community: string, port: number, onError: (error: Error) => void) =>
  call(communityCall(community), port, onError)

/** Says on the LAN that a code with this public part is open here. */
export const announceCode = (rendezvous: string, port: number, onError: (error: Error) => void) =>
  call(codeCall(rendezvous), port, onError)

function call({ key, value }: Call, port: number, onError: (error: Error) => void): () => Promise<void> {
  const bonjour = openBonjour(onError)
  const name = `doorstep-${toHex(sha256(value, String(process.pid), String(Date.now()))).slice(0, 12)}`
  bonjour.publish({ name, type: TYPE, port, txt: { [key]: value } })
  return () => new Promise((resolve) => bonjour.unpublishAll(() => bonjour.destroy(() => resolve())))
}

type Packet = { readonly address: string }
type Emitter = { on(event: string, listener: (...args: never[]) => void): void }

/** Its socket reports what goes wrong as events of its own, and one that nobody hears would end the process. */
function openBonjour(onError: (error: Error) => void, onPacket?: (from: Packet) => void): Bonjour {
  const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
  const bonjour = new Bonjour({}, (error: unknown) => onError(toError(error)))
  const { mdns } = (bonjour as unknown as { server: { mdns: Emitter } }).server
  mdns.on('error', (error: unknown) => onError(toError(error)))
  mdns.on('warning', (error: unknown) => onError(toError(error)))
  if (onPacket) mdns.on('packet', (_packet: unknown, from: Packet) => onPacket(from))
  return bonjour
}

/** Calls back with the address of every station of this community that is heard; until stopped. */
export const listen = (
  community: string,
  onFound: (address: string) => void,
  onError: (error: Error) => void,
) => hear(communityCall(community), onFound, onError)

/** The same for stations that hold a code with this public part open. */
export const listenForCode = (
  rendezvous: string,
  onFound: (address: string) => void,
  onError: (error: Error) => void,
) => hear(codeCall(rendezvous), onFound, onError)

/** Where to call it: where its answer came from is reached from here, its other addresses may lie in other networks. */
export function hostsOf({
  addresses = [],
  referer,
}: {
  readonly addresses?: readonly string[] | undefined
  readonly referer?: { readonly address: string } | undefined
}): readonly string[] {
  const hosts = addresses.filter((host) => !host.includes(':'))
  const from = referer?.address
  if (from === undefined || from.includes(':')) return hosts
  // Some name none at all.
  return hosts.length === 0 || hosts.includes(from) ? [from] : hosts
}

function hear(
  { key, value }: Call,
  onFound: (address: string) => void,
  onError: (error: Error) => void,
  onPacket?: (from: Packet) => void,
): () => void {
  const bonjour = openBonjour(onError, onPacket)
  bonjour.find({ type: TYPE }, (service: Service) => {
    if ((service.txt as Record<string, unknown> | undefined)?.[key] !== value) return
    for (const host of hostsOf(service)) onFound(`${host}:${service.port}`)
  })
  return () => bonjour.destroy()
}

/** Listens for a while: whom it heard of this community, and whether the LAN carries multicast at all. */
export function findStations(
  community: string,
  forMs: number,
  signal?: AbortSignal,
): Promise<{ readonly addresses: readonly string[]; readonly multicast: Multicast }> {
  return new Promise((resolve) => {
    const found = new Set<string>()
    const machines = new Set<string>()
    const own = new Set(
      Object.values(networkInterfaces()).flatMap((cards) => cards?.map((card) => card.address)),
    )
    let detail = ''
    const stop = hear(
      communityCall(community),
      (address) => found.add(address),
      (error) => {
        detail ||= error.message
      },
      ({ address }) => own.has(address) || machines.add(address),
    )
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      stop()
      const state = machines.size > 0 || found.size > 0 ? 'heard' : detail === '' ? 'silent' : 'failed'
      resolve({ addresses: [...found], multicast: { state, machines: machines.size, detail } })
    }
    const timer = setTimeout(finish, forMs)
    signal?.addEventListener('abort', finish)
  })
}
