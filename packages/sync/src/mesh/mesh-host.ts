import type { Problem, Result } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import { createHostWire, type HostWire } from './host-wire.ts'
import { type MeshChild, startMeshChild } from './mesh-child.ts'
import type { FromMesh, MeshReport } from './mesh-messages.ts'
import { encodePresence, type PresenceProblem, type PresenceState, type SeenPresence } from './presence.ts'
import { createStationSigner } from './station-key.ts'

export type MeshOptions = {
  /** `ws://` or `wss://`; all are used at once, none needs to be up. */
  readonly signalingUrls: readonly string[]
  /** 32 bytes known to the community's stations alone; the room's name and password are derived from it. */
  readonly roomKey: Uint8Array
  /** Ed25519, 32 bytes each. The private half goes to the mesh process over its channel and nowhere else. */
  readonly stationPrivateKey: Uint8Array
  readonly stationPublicKey: Uint8Array
  /** Keys of the stations that may connect. */
  readonly allowed: readonly Uint8Array[]
  readonly presence?: PresenceState
}

export type MeshProblem = { readonly type: 'signaling-url-invalid'; readonly url: string } | PresenceProblem

export type MeshStatus = {
  /** 'waiting': the process ended and is started again soon. 'unsupported': no WebRTC here, see `detail`. */
  readonly state: 'starting' | 'running' | 'waiting' | 'unsupported' | 'closed'
  readonly detail: string | undefined
  readonly pid: number | undefined
  /** Times the process ended by itself. */
  readonly crashes: number
} & MeshReport

export type Mesh = {
  /** One listener; wires that were there before it was set are handed over at once. */
  onWire(listener: (wire: Wire) => void): void
  setPresence(state: PresenceState | undefined): Result<void, PresenceProblem & Problem>
  /** One listener, told the whole list of other stations at once and after each change. */
  onPresence(listener: (list: readonly SeenPresence[]) => void): void
  /** Replaces the list; a neighbour that is no longer on it is cut off. */
  setAllowed(keys: readonly Uint8Array[]): void
  status(): MeshStatus
  /** Says goodbye and resolves when the process is gone. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const firstRestartMs = 500
const longestRestartMs = 30_000
/** A process that ran this long before it ended is started again as if for the first time. */
const steadyAfterMs = 60_000
const stopTimeoutMs = 3_000

const emptyReport: MeshReport = {
  neighbours: [],
  signaling: [],
  connections: 0,
  refusals: 0,
  waiting: [],
  malformed: 0,
  signalsDropped: 0,
  faults: 0,
}

/** Joins the community's mesh from a process of its own, which is started again when it dies. */
export function openMesh(options: MeshOptions): Result<Mesh, MeshProblem & Problem> {
  const badUrl = options.signalingUrls.find((url) => !isSignalingUrl(url))
  if (badUrl !== undefined) return { ok: false, problem: { type: 'signaling-url-invalid', url: badUrl } }
  const firstPresence = presenceText(options.presence)
  if (!firstPresence.ok) return firstPresence
  if (options.roomKey.length !== 32) throw new Error(`room key of ${options.roomKey.length} bytes, 32 wanted`)
  createStationSigner({ privateKey: options.stationPrivateKey, publicKey: options.stationPublicKey })

  const wires = new Map<number, HostWire>()
  let unclaimed: HostWire[] = []
  let wireListener: ((wire: Wire) => void) | undefined
  let presenceListener: ((list: readonly SeenPresence[]) => void) | undefined
  let presence: readonly SeenPresence[] = []
  let allowed = options.allowed
  let ownPresence = firstPresence.value
  let state: MeshStatus['state'] = 'starting'
  let detail: string | undefined
  let report = emptyReport
  let crashes = 0
  let failuresInARow = 0
  let startedAtMs = 0
  let child: MeshChild | undefined
  let restart: NodeJS.Timeout | undefined

  const tellPresence = (list: readonly SeenPresence[]) => {
    presence = list
    presenceListener?.(list)
  }

  const onMessage = (from: MeshChild, message: FromMesh) => {
    switch (message.type) {
      case 'started':
        return from.tell({
          type: 'open',
          signalingUrls: options.signalingUrls,
          roomKey: options.roomKey,
          privateKey: options.stationPrivateKey,
          publicKey: options.stationPublicKey,
          allowed,
          presence: ownPresence,
        })
      case 'ready':
        if (state !== 'closed') state = 'running'
        return
      case 'unsupported':
        if (state !== 'closed') state = 'unsupported'
        detail = message.detail
        void from.stop(stopTimeoutMs)
        return
      case 'wire': {
        const wire = createHostWire(message.wire, message.peerKey, from.tell)
        wires.set(message.wire, wire)
        if (wireListener) wireListener(wire)
        else {
          unclaimed.push(wire)
          wire.onClose(() => {
            unclaimed = unclaimed.filter((other) => other !== wire)
          })
        }
        return
      }
      case 'wire-closed':
        wires.get(message.wire)?.carrier.end(message.reason)
        wires.delete(message.wire)
        return
      case 'presence':
        return tellPresence(message.list)
      case 'report':
        report = message.report
        return
      default:
        wires.get(message.wire)?.carrier.receive(message)
    }
  }

  const onExit = (lastWords: string) => {
    child = undefined
    report = emptyReport
    for (const wire of wires.values()) wire.carrier.end('mesh process ended')
    wires.clear()
    if (presence.length > 0) tellPresence([])
    if (state === 'closed' || state === 'unsupported') return
    crashes++
    failuresInARow = performance.now() - startedAtMs > steadyAfterMs ? 1 : failuresInARow + 1
    state = 'waiting'
    detail = lastWords
    const waitMs = Math.min(longestRestartMs, firstRestartMs * 2 ** (failuresInARow - 1))
    restart = setTimeout(start, waitMs * (0.75 + Math.random() * 0.5))
  }

  const start = () => {
    state = 'starting'
    startedAtMs = performance.now()
    const started: MeshChild = startMeshChild({
      onMessage: (message) => onMessage(started, message),
      onExit,
    })
    child = started
  }
  start()

  const close = async () => {
    state = 'closed'
    clearTimeout(restart)
    const running = child
    for (const wire of wires.values()) wire.carrier.end('closed')
    await running?.stop(stopTimeoutMs)
  }

  return {
    ok: true,
    value: {
      onWire(listener) {
        wireListener = listener
        for (const wire of unclaimed.splice(0)) listener(wire)
      },
      setPresence(next) {
        const text = presenceText(next)
        if (!text.ok) return text
        ownPresence = text.value
        child?.tell({ type: 'presence', text: ownPresence })
        return { ok: true, value: undefined }
      },
      onPresence(listener) {
        presenceListener = listener
        listener(presence)
      },
      setAllowed(keys) {
        allowed = keys
        child?.tell({ type: 'allowed', keys })
      },
      status: () => ({ state, detail, pid: child?.pid, crashes, ...report }),
      close,
      [Symbol.asyncDispose]: close,
    },
  }
}

const presenceText = (state: PresenceState | undefined): Result<string, PresenceProblem & Problem> =>
  state === undefined ? { ok: true, value: 'null' } : encodePresence(state)

const isSignalingUrl = (url: string) =>
  URL.canParse(url) && ['ws:', 'wss:'].includes(new URL(url).protocol) && new URL(url).hash === ''
