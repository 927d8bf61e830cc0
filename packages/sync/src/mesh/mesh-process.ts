/**
 * The process that y-webrtc lives in, started by `mesh-host.ts`. It ends by `process.exit`, since y-webrtc leaves
 * sockets and channels open after `destroy()`; it ends too when its parent does.
 */
import type { Lane } from './lane.ts'
import type { FromMesh, MeshReport, ToMesh } from './mesh-messages.ts'
import { openRoom, type Room } from './room.ts'
import { loadRtc } from './rtc.ts'

const reportEveryMs = 500
let room: Room | undefined
let faults = 0
let lastWire = 0
const lanes = new Map<number, { lane: Lane; consume: (frames: number) => void }>()

const tell = (message: FromMesh) => {
  if (process.connected) process.send?.(message)
}

function carry(lane: Lane) {
  const wire = ++lastWire
  const handed: (() => void)[] = []
  const consume = (frames: number) => {
    for (const done of handed.splice(0, frames)) done()
  }
  lanes.set(wire, { lane, consume })
  tell({ type: 'wire', wire, peerKey: lane.peerKey })
  lane.onClose((reason) => {
    if (lanes.delete(wire)) tell({ type: 'wire-closed', wire, reason })
  })
  lane.read((frame, done) => {
    handed.push(done)
    tell({ type: 'frame', wire, frame })
  })
}

function send(wire: number, frame: Uint8Array) {
  const taken = () => tell({ type: 'taken', wire, bytes: frame.length })
  // A wire that closed meanwhile has said so already.
  lanes
    .get(wire)
    ?.lane.send(frame)
    .then(taken, () => {})
}

function open(message: Extract<ToMesh, { type: 'open' }>) {
  const rtc = loadRtc()
  if (!rtc.ok) return tell({ type: 'unsupported', detail: rtc.problem.detail })
  room = openRoom({
    rtc: rtc.value,
    signalingUrls: message.signalingUrls,
    roomKey: message.roomKey,
    station: { privateKey: message.privateKey, publicKey: message.publicKey },
    allowed: message.allowed,
    onWire: carry,
    onPresence: (list) => tell({ type: 'presence', list }),
  })
  room.setPresence(message.presence)
  setInterval(report, reportEveryMs)
  tell({ type: 'ready' })
}

let lastReport = ''
function report() {
  if (!room) return
  const nowMs = performance.now()
  const counts = room.guard.counts()
  const next: MeshReport = {
    neighbours: room.guard
      .openNeighbours()
      .map(({ key, openedAtMs }) => ({ key, openForMs: Math.round(nowMs - openedAtMs) })),
    signaling: room.connectedUrls(),
    waiting: room.guard
      .waiting()
      .filter(({ untilMs }) => untilMs > nowMs)
      .map(({ who, failures, untilMs }) => ({ who, failures, forMs: Math.round(untilMs - nowMs) })),
    ...counts,
    faults,
  }
  const text = JSON.stringify(next)
  if (text !== lastReport) tell({ type: 'report', report: next })
  lastReport = text
}

async function leave() {
  await room?.leave()
  process.exit(0)
}

process.on('message', (message: ToMesh) => {
  if (message.type === 'open') open(message)
  else if (message.type === 'allowed') room?.setAllowed(message.keys)
  else if (message.type === 'presence') room?.setPresence(message.text)
  else if (message.type === 'frame') send(message.wire, message.frame)
  else if (message.type === 'consumed') lanes.get(message.wire)?.consume(message.frames)
  else if (message.type === 'close-wire') lanes.get(message.wire)?.lane.close(message.reason)
  else void leave()
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group: the station decides when the mesh ends.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
process.on('SIGTERM', () => void leave())
// y-webrtc and simple-peer leave promises uncaught; a rejection leaves nothing half done. An exception does, and ends us.
process.on('unhandledRejection', () => {
  faults++
})
tell({ type: 'started' })
