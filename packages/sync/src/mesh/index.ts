export { type Mesh, type MeshOptions, type MeshProblem, type MeshStatus, openMesh } from './mesh-host.ts'
export type { MeshReport } from './mesh-messages.ts'
export {
  type PresenceProblem,
  type PresenceState,
  presenceLimitBytes,
  type SeenPresence,
} from './presence.ts'
export {
  openSignalingServer,
  type SignalingLimits,
  type SignalingProblem,
  type SignalingServer,
  signalingLimits,
} from './signaling-server.ts'
