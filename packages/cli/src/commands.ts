import BundleRead from './commands/bundle/read.ts'
import BundleShow from './commands/bundle/show.ts'
import BundleWrite from './commands/bundle/write.ts'
import Digest from './commands/digest.ts'
import Doctor from './commands/doctor.ts'
import GatewayRun from './commands/gateway/run.ts'
import Init from './commands/init.ts'
import MemberGrant from './commands/member/grant.ts'
import MemberInvite from './commands/member/invite.ts'
import MemberJoin from './commands/member/join.ts'
import MemberList from './commands/member/list.ts'
import MemberRemove from './commands/member/remove.ts'
import QuarantineList from './commands/quarantine/list.ts'
import QuarantineRelease from './commands/quarantine/release.ts'
import StationList from './commands/station/list.ts'
import StationRemove from './commands/station/remove.ts'
import SyncNow from './commands/sync/now.ts'
import SyncServe from './commands/sync/serve.ts'
import SyncStatus from './commands/sync/status.ts'

/** Every command by its id; `:` stands for the space between words. */
export const COMMANDS = {
  'bundle:read': BundleRead,
  'bundle:show': BundleShow,
  'bundle:write': BundleWrite,
  digest: Digest,
  doctor: Doctor,
  'gateway:run': GatewayRun,
  init: Init,
  'member:grant': MemberGrant,
  'member:invite': MemberInvite,
  'member:join': MemberJoin,
  'member:list': MemberList,
  'member:remove': MemberRemove,
  'quarantine:list': QuarantineList,
  'quarantine:release': QuarantineRelease,
  'station:list': StationList,
  'station:remove': StationRemove,
  'sync:now': SyncNow,
  'sync:serve': SyncServe,
  'sync:status': SyncStatus,
}
