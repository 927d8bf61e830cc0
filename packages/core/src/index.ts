export { fromHex, sameBytes, toHex } from './bytes/bytes.ts'
export { decodeCbor, encodeCbor, isBytes, isCount, isText, isTuple } from './bytes/cbor.ts'
export { sha256, sha256Of } from './crypto/hash.ts'
export { createKeyPair, createSigner, isSignedBy, type KeyPair } from './crypto/keys.ts'
export { deriveKey } from './crypto/seal.ts'
export {
  type AnswerDocument,
  builtinForms,
  type CheckedForm,
  type CheckProblem,
  checkForm,
  type FilledForm,
  type FormDocument,
  type FormProblem,
  type FormSession,
  type FormValues,
  fillForm,
  formById,
  hazardsOf,
  openForm,
  type Question,
} from './form/index.ts'
export { type Id, isId, type RecordId, type SpaceId, type StationId, stationIdOf } from './ids.ts'
export {
  type ImportReport,
  importRegister,
  type Mapping,
  parseMappingText,
  type Rejection,
} from './import/index.ts'
export type { EntryRef, LogId } from './log/entry.ts'
export { MAX_SEGMENT_BYTES } from './log/limits.ts'
export { parseSegment } from './log/segment.ts'
export {
  type FormerStation,
  type Member,
  type Membership,
  mayHold,
  mayRead,
  memberAt,
} from './membership/resolve.ts'
export { isRole, type Role, roles, type SpaceKind } from './membership/roles.ts'
export type { Value } from './record/change.ts'
export { type Field, isDate, parseFieldText, type RecordDefinition } from './record/define.ts'
export type { ConflictValue, Projection, TimelineItem } from './record/project.ts'
export { definitionOf, type RecordType, recordTypes } from './records/registry.ts'
export { expectOk, type Failed, fail, type Ok, ok, type Problem, type Result } from './result.ts'
export {
  assignRole,
  type BelongingProblem,
  giveKeys,
  handOver,
  leave,
  listVoided,
  type Removed,
  ratifyAct,
  removeMember,
  removeStation,
  type Standing,
  standingOf,
  type VoidedAct,
} from './station/belonging.ts'
export {
  baseHeads,
  blobsOf,
  type Commitment,
  findCheckpoint,
  headsAfter,
  hearRecords,
  isOnTrust,
  keepNewest,
  type ListedCheckpoint,
  listCheckpoints,
  makeCheckpoint,
  MIN_SAVED_ENTRIES,
  missingBlobs,
  type Offer,
  type OfferedCheckpoint,
  offerFor,
  type Pruned,
  parseOffer,
  prune,
  putBlobs,
  readBlob,
  servableBlobs,
  takeOffer,
  verifyCheckpoint,
  wantedCheckpoint,
  wouldTake,
} from './station/checkpoint.ts'
export { addGrid, createCommunity, type NewCommunity } from './station/create-community.ts'
export { type Check, type Diagnosis, diagnose } from './station/doctor.ts'
export type { Edit } from './station/edit.ts'
export { type HomeProblem, homeExists, openHome } from './station/home.ts'
export {
  createInvite,
  createStationInvite,
  grantRequest,
  type Invite,
  type JoinRequest,
  joinWithInvite,
  type MembershipProblem,
  parseJoinFile,
  pendingJoin,
  withdrawInvite,
} from './station/invite.ts'
export { findInvite, type ListedInvite, listInvites } from './station/list-invites.ts'
export { openStation } from './station/open-station.ts'
export type { Carried, Quarantined } from './station/quarantine.ts'
export { DEFAULT_COST, type HomeSecret, type PassphraseCost } from './station/secret.ts'
export { type Changed, type SpaceDigest, Station, type Written } from './station/station.ts'
export { DamagedStoreError, type PeerRow } from './store/store.ts'
export type { AdmitReport } from './trunk/admit.ts'
export type { Outgoing } from './trunk/send.ts'
export {
  type ListedCase,
  type ListedConflict,
  openView,
  type View,
} from './view/index.ts'
export {
  type Author,
  addDays,
  addressOf,
  addressText,
  ageOf,
  type CaseCard,
  type CaseRow,
  type CaseState,
  type CaseStep,
  type CaseStepRow,
  type ConflictRow,
  calendarOf,
  caseCard,
  caseStates,
  caseSteps,
  categoryLabel,
  type DeviceRow,
  type DueVisit,
  daysBetween,
  dueList,
  editHousehold,
  findGrid,
  type GridRef,
  type HouseholdCard,
  type HouseholdRow,
  householdCard,
  isCaseState,
  isCaseStep,
  isMasked,
  listCases,
  listConflicts,
  listHouseholds,
  listVisits,
  memberName,
  openCase,
  openRecordSet,
  openSearch,
  RecordSet,
  type ResidentRow,
  recordVisit,
  type Search,
  type StepFlag,
  settleConflict,
  shortAddress,
  shownFields,
  stairText,
  stateLabel,
  stationCalendar,
  stepCase,
  stepLabel,
  stepsFrom,
  titleOf,
  type VisitRow,
  visitRow,
  withdrawVisit,
} from './work/index.ts'
export {
  type DailyReading,
  type RecordedReading,
  readingOf,
  recordReading,
} from './work/record-reading.ts'
