import {
  createKeyPair,
  fail,
  type HomeProblem,
  type HomeSecret,
  homeExists,
  type KeyPair,
  ok,
  openStation,
  type PassphraseCost,
  type Problem,
  pendingJoin,
  type Result,
  type Station,
} from '@doorstep/core'
import { dialLan, type LanProblem, parseAddress } from '../lan/lan.ts'
import { listenForCode } from '../node/discovery.ts'
import { type Clock, systemClock } from '../session/clock.ts'
import type { Session } from '../session/session.ts'
import { finishJoin, type JoinProblem } from './finish-join.ts'
import { makeJoinHome } from './make-join-home.ts'
import { type Paired, type PairingProblem, proveToInviter } from './newcomer.ts'
import type { PairingCode } from './pairing-code.ts'

/** How long the LAN is listened to for the inviter. */
const DISCOVER_MS = 10_000

export type CodeJoinProblem =
  | LanProblem
  | HomeProblem
  | PairingProblem
  | JoinProblem
  | (Problem & { type: 'no-inviter-found' | 'join-pending' | 'interrupted' })

export type JoinByCodeOptions = {
  readonly home: string
  readonly secret: HomeSecret
  readonly stationName: string
  readonly code: PairingCode
  /** Tried first, in this order. */
  readonly addresses: readonly string[]
  /** Also listens on the LAN for who holds the code open. */
  readonly discover: boolean
  readonly discoverMs?: number
  readonly signal?: AbortSignal
  readonly onTrouble?: (problem: Problem) => void
  readonly clock?: Clock
  readonly cost?: PassphraseCost
}

/**
 * Joins with a code: finds the inviter, proves the code and has it proved, makes the home, and goes on over the same
 * wire until both are equal. A home that was left half-way by an earlier try is gone on with, with its keys.
 */
export async function joinByCode(options: JoinByCodeOptions): Promise<Result<Station, CodeJoinProblem>> {
  const begun = await openBegun(options)
  if (!begun.ok) return begun
  let station = begun.value
  const keys = { signing: createKeyPair('ed25519'), boxing: createKeyPair('x25519') }
  const signing: KeyPair = station
    ? { publicKey: station.identity.key, privateKey: station.signingKey }
    : keys.signing
  const give = async <P extends CodeJoinProblem>(result: Result<never, P>) => {
    await station?.close()
    return result
  }
  const found = await findInviter(signing, options)
  if (!found.ok) return give(found)
  const { paired, address } = found.value
  const { wire, invite } = paired
  if (station && pendingJoin(station)!.invite.id !== invite.id) {
    wire.close('another invite')
    return give(fail({ type: 'join-pending', home: options.home }))
  }
  if (!station) {
    const { home, secret, stationName, cost } = options
    const made = await makeJoinHome(home, secret, invite, { stationName, keys, ...(cost ? { cost } : {}) })
    if (!made.ok) {
      wire.close('no home')
      return made
    }
    station = made.value
  }
  const finished = await finishJoin(
    station,
    async (node): Promise<Result<Session, never>> => {
      paired.ready()
      return ok(node.adopt(wire, 'me', address))
    },
    options.signal,
  )
  return finished.ok ? ok(station) : give(finished)
}

/** The home of an earlier try, or null when there is none yet. */
async function openBegun({ home, secret }: JoinByCodeOptions): Promise<Result<Station | null, HomeProblem>> {
  if (!homeExists(home)) return ok(null)
  const opened = await openStation({ home, secret })
  if (!opened.ok) return opened
  // Kept until the joining was seen to end.
  if (pendingJoin(opened.value)) return opened
  await opened.value.close()
  return fail({ type: 'home-exists', home })
}

type Found = { readonly paired: Paired; readonly address: string }

/** Addresses one after another, those heard on the LAN as they are heard, until one proves the code. */
async function findInviter(
  signing: KeyPair,
  options: JoinByCodeOptions,
): Promise<Result<Found, CodeJoinProblem>> {
  const { clock = systemClock, cost, signal } = options
  const waiting = [...new Set(options.addresses)]
  const tried: string[] = []
  let problem: CodeJoinProblem | null = null
  let wake = () => {}
  let isListening = options.discover
  const stopHearing = options.discover
    ? listenForCode(
        options.code.rendezvous,
        (address) => {
          if (!tried.includes(address) && !waiting.includes(address)) waiting.push(address)
          wake()
        },
        (error) => options.onTrouble?.({ type: 'no-discovery', detail: error.message }),
      )
    : () => {}
  const stopTimer = clock.after(options.discoverMs ?? DISCOVER_MS, () => {
    isListening = false
    wake()
  })
  signal?.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal?.aborted) {
      const address = waiting.shift()
      if (address === undefined) {
        if (!isListening) break
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      tried.push(address)
      const result = await tryAddress(address)
      if (result.ok) return result
      if (!problem || rank(result.problem) < rank(problem)) problem = result.problem
    }
    if (signal?.aborted) return fail({ type: 'interrupted' })
    return fail(problem ?? { type: 'no-inviter-found', tried })
  } finally {
    stopTimer()
    stopHearing()
  }

  async function tryAddress(address: string): Promise<Result<Found, CodeJoinProblem>> {
    const parsed = parseAddress(address)
    if (!parsed.ok) return parsed
    const wire = await dialLan(signing, parsed.value, signal ? { signal } : {})
    if (!wire.ok) return wire
    const paired = await proveToInviter(wire.value, signing.publicKey, options.code, {
      clock,
      ...(cost ? { cost } : {}),
    })
    return paired.ok ? ok({ paired: paired.value, address }) : fail({ ...paired.problem, address })
  }
}

/** Of several answers the one that says most is told. */
const TELLING = [
  'code-used',
  'code-busy',
  'wrong-code',
  'code-closed',
  'code-expired',
  'pairing-crowded',
  'pairing-cut',
]
const rank = ({ type }: Problem): number => {
  const at = TELLING.indexOf(type)
  return at < 0 ? TELLING.length : at
}
