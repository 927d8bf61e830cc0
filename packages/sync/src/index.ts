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
export { announce, listen } from './node/discovery.ts'
export {
  type Attempt,
  type Candidate,
  type KnownHow,
  type MeetingAttempts,
  type Multicast,
  ownInterfaces,
  typedCandidates,
} from './node/meeting-attempts.ts'
export { type MeetingUri, meetingUri, parseMeetingUri } from './node/meeting-uri.ts'
export {
  type DecommissionProblem,
  decommission,
  type Retired,
  retireHome,
  unsentSpaces,
} from './node/retire.ts'
export { combinedDigest, SyncNode } from './node/sync-node.ts'
export { lookAround, type MetPeer, type SyncNowReport, syncNow } from './node/sync-now.ts'
export { finishJoin, type JoinProblem } from './pairing/finish-join.ts'
export {
  type CodeEnd,
  type CodeInvitation,
  type InviteByCodeOptions,
  inviteByCode,
} from './pairing/invite-by-code.ts'
export { MAX_WRONG_PROOFS } from './pairing/inviter.ts'
export { type CodeJoinProblem, type JoinByCodeOptions, joinByCode } from './pairing/join-by-code.ts'
export { groupedCode, type PairingCode, type PairingCodeProblem } from './pairing/pairing-code.ts'
export { type PairingInput, pairingUri, parsePairingInput } from './pairing/pairing-uri.ts'
export type { BlobsMet } from './session/blob-exchange.ts'
export { type Clock, systemClock } from './session/clock.ts'
export { Session, type SessionState, type SpaceState } from './session/session.ts'
export type { Wire } from './wire.ts'
