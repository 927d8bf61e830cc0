export { type BundleRead, type BundleShown, readBundle, showBundle } from './bundle/read-bundle.ts'
export {
  type BundleOptions,
  type BundleProblem,
  type BundleWritten,
  writeBundle,
} from './bundle/write-bundle.ts'
export { DEFAULT_PORT, type LanProblem, type LanServer, parseAddress } from './lan/lan.ts'
export {
  type Mesh,
  openSignalingServer,
  type PresenceState,
  type SeenPresence,
  type SignalingServer,
} from './mesh/index.ts'
export { announce, findStations, listen } from './node/discovery.ts'
export { combinedDigest, SyncNode } from './node/sync-node.ts'
export { type MetPeer, type SyncNowReport, syncNow } from './node/sync-now.ts'
export { type Clock, systemClock } from './session/clock.ts'
export { Session, type SessionState, type SpaceState } from './session/session.ts'
export type { Wire } from './wire.ts'
