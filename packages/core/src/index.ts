export type { BlobBudget, BlobStatus, Tally } from './blob/blob-book.ts'
export { isBlob } from './blob/blob-names.ts'
export {
  CHUNK_BYTES,
  chunksIn,
  MAX_BLOB_BYTES,
  MAX_CHUNKS,
  MAX_PREVIEW_BYTES,
  sealedSizeOf,
} from './blob/limits.ts'
export { areLeavesOf, type BlobUse, isChunkOf } from './blob/seal-blob.ts'
export { fromHex, sameBytes, toHex } from './bytes/bytes.ts'
export { decodeCbor, encodeCbor, isBytes, isCount, isText, isTuple } from './bytes/cbor.ts'
export { sha256, sha256Of } from './crypto/hash.ts'
export { createKeyPair, createSigner, isSignedBy, type KeyPair } from './crypto/keys.ts'
export { deriveKey } from './crypto/seal.ts'
export {
  type AskSubmissions,
  BYTE_ORDER_MARK,
  csvLine,
  csvRows,
  type ExportAsk,
  type ExportFilter,
  type ExportName,
  exportNames,
  exportTables,
  filtersOf,
  type GeoCount,
  geoRows,
  jsonRows,
  type PlannedExport,
  type PlannedSubmissions,
  planExport,
  planSubmissions,
  SUBMISSION_COLUMNS,
  type Submission,
  sheetCells,
  sheetColumns,
  submissionTables,
} from './export/index.ts'
export {
  type AnswerDocument,
  type AnswerFile,
  type AnswerValue,
  asksAboutPerson,
  builtinForms,
  type CheckedForm,
  type CheckedQuestion,
  type CheckProblem,
  type Choice,
  checkForm,
  checkFormRules,
  type DraftFile,
  type Fault,
  type FaultType,
  type FilledForm,
  type FormDocument,
  type FormFile,
  type FormPlace,
  type FormProblem,
  type FormRule,
  type FormSession,
  type FormSheet,
  type FormValues,
  fillForm,
  formById,
  formSheet,
  hazardsOf,
  type LabelledAnswer,
  labelAnswers,
  loadEngine,
  type Media,
  openForm,
  type Place,
  type Prefill,
  type Question,
  type Repeat,
  RULES_NAMESPACE,
  type RuledAnswer,
  readFormFile,
  type SheetCondition,
  type SheetPart,
} from './form/index.ts'
export { type Id, isId, type RecordId, type SpaceId, type StationId, stationIdOf } from './ids.ts'
export {
  type ImportReport,
  importExported,
  importRegister,
  type Mapping,
  type ProposedMapping,
  parseCsv,
  parseMappingText,
  proposeMapping,
  type Rejection,
} from './import/index.ts'
export {
  importReadings,
  type ReadingsReport,
} from './import/readings/import-readings.ts'
export type { DirtCounts } from './import/readings/keep-readings.ts'
export { parseReadingsMapping, type ReadingsMapping } from './import/readings/mapping.ts'
export { type ReadingsReplay, replayReadings } from './import/readings/replay-readings.ts'
export type { EntryRef, LogId } from './log/entry.ts'
export { FORMAT_VERSION, MAX_SEGMENT_BYTES } from './log/limits.ts'
export { parseSegment } from './log/segment.ts'
export { isPracticeCommunity } from './membership/act.ts'
export {
  type FormerStation,
  type Member,
  type Membership,
  mayHold,
  mayRead,
  memberAt,
} from './membership/resolve.ts'
export { isRole, mayAct, type Role, roleReads, roles, type SpaceKind } from './membership/roles.ts'
export type { Value } from './record/change.ts'
export { type Field, isDate, parseFieldText, type RecordDefinition } from './record/define.ts'
export type { ConflictValue, Projection, TimelineItem } from './record/project.ts'
export { definitionOf, type RecordType, recordTypes } from './records/registry.ts'
export { formatAlarmChain, parseAlarmChain } from './records/rule.ts'
export {
  compareNames,
  DEFAULT_LIMIT,
  dimensions,
  type MonthReport,
  measures,
  monthReport,
  type ReportAsk,
  ratios,
  type Shown,
} from './report/index.ts'
export { expectOk, type Failed, fail, type Ok, ok, type Problem, type Result } from './result.ts'
export {
  type CleanRegister,
  cleanRegister,
  type Dirt,
  type DirtKind,
  GAP_MS,
  type Stretch,
} from './series/clean-register.ts'
export { type DaySummary, daySummaries, type RegisterDay, registerDay } from './series/day-summary.ts'
export { canBe, type RefusedBecause, type RegisterLimits, registerLimits } from './series/limits.ts'
export {
  isSignal,
  type Observation,
  type Point,
  type SeriesView,
  type Signal,
  signals,
} from './series/observation.ts'
export { openSeries } from './series/open-series.ts'
export type { PrunedSeries } from './series/prune-series.ts'
export { type RetentionBySignal, retentionOf, type SeriesRetention } from './series/retention.ts'
export type { SeriesProblem } from './series/series-problem.ts'
export type { Appended, SeriesOfDevice, SeriesStore } from './series/series-store.ts'
export { spreadUses } from './series/spread-uses.ts'
export {
  type CellToWrite,
  isOldWorkbook,
  isWorkbook,
  readWorkbook,
  type Sheet,
  type SheetRow,
  type SheetToWrite,
  streamRows,
  type WorkbookProblem,
  writeWorkbook,
} from './sheet/workbook.ts'
export { type AskRescueProblem, askRescue, type RestoreProblem, restoreHome } from './station/ask-rescue.ts'
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
  type CarriedSpace,
  type CarryProblem,
  type CarryStatus,
  carriedFor,
  carryOffer,
  carryStatus,
  DEFAULT_CARRY_BYTES,
  needsCarrier,
  noteCarriedReached,
  peerMayCarry,
  setCarry,
  spacesCarried,
} from './station/carry.ts'
export { changeSecret } from './station/change-secret.ts'
export {
  baseHeads,
  blobStart,
  blobsOf,
  type Commitment,
  findCheckpoint,
  headsAfter,
  hearRecords,
  isBelowBase,
  isOnTrust,
  keepBlobStarts,
  keepNewest,
  type ListedCheckpoint,
  listCheckpoints,
  MIN_SAVED_ENTRIES,
  makeCheckpoint,
  missingBlobs,
  type Offer,
  type OfferedCheckpoint,
  offerFor,
  type Pruned,
  parseOffer,
  prune,
  putBlobs,
  readBlob,
  renewCheckpoints,
  servableBlobs,
  takeOffer,
  verifyCheckpoint,
  wantedCheckpoint,
  wouldTake,
} from './station/checkpoint.ts'
export {
  CLOCK_OFF_MS,
  type ClockDoubt,
  clockDoubt,
  lastWroteMs,
  noteClockOffer,
  type Running,
  running,
} from './station/clock-doubt.ts'
export { closeAndWipe } from './station/close-and-wipe.ts'
export { addGrid, createCommunity, type NewCommunity } from './station/create-community.ts'
export { worksAtDesk } from './station/desk.ts'
export { destroyHome } from './station/destroy-home.ts'
export { type Check, type Counted, type Diagnosis, diagnose, type Wrong } from './station/doctor.ts'
export type { Edit } from './station/edit.ts'
export {
  type EraseProblem,
  type Erasure,
  eraseRecords,
  type NotReached,
  notReached,
} from './station/erase.ts'
export { appointChief, type FoundingActProblem, removeByFoundingKey } from './station/founding-act.ts'
export {
  forgetFoundingKey,
  foundingKey,
  type RecoveryProblem,
  restoreFoundingKey,
  splitFoundingKey,
} from './station/founding-key.ts'
export { checkRescue, type GrantRescueProblem, grantRescue, RESCUE_VALID_MS } from './station/grant-rescue.ts'
export type { HeardOf } from './station/heard-of.ts'
export { type HomeProblem, homeExists, type Left, openHome, storeProblem } from './station/home.ts'
export { type HomeDigest, homeDigests } from './station/home-digests.ts'
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
export { type PeerState, type PeerTruth, peerTruths } from './station/peer-truth.ts'
export type { Carried, Quarantined } from './station/quarantine.ts'
export { refreshRescue } from './station/rescue.ts'
export { parseRescueFile, type RescueGrant, type RescueRequest } from './station/rescue-file.ts'
export { DEFAULT_COST, type HomeSecret, type PassphraseCost } from './station/secret.ts'
export { parseShares, type Share, type ShareProblem, shareLines } from './station/share-text.ts'
export { type Changed, type SpaceDigest, Station, type Written } from './station/station.ts'
export { type SupportFacts, supportFacts } from './station/support.ts'
export { LONGEST_WAIT_MS } from './station/tries.ts'
export type { OwnWork } from './station/witnesses.ts'
export type { BlobHolder, BlobRow, HolderRank } from './store/blob-shelf.ts'
export { SCHEMA_VERSION } from './store/schema.ts'
export { DamagedStoreError, type PeerRow } from './store/store.ts'
export { syncFolder } from './store/sync-folder.ts'
export {
  addTemplate,
  dropTemplate,
  type FilledTemplate,
  fillForStation,
  findTemplate,
  listTemplates,
  MAX_TEMPLATE_BYTES,
  readTemplate,
  type TemplateFault,
  type TemplateRow,
} from './template/index.ts'
export type { AdmitReport } from './trunk/admit.ts'
export type { SealedAgain } from './trunk/lean.ts'
export { MAX_LEAN_SEGMENTS } from './trunk/lean-form.ts'
export type { Outgoing } from './trunk/send.ts'
export type { NewerCounts } from './trunk/understand.ts'
export {
  type ListedCase,
  type ListedConflict,
  openView,
  type View,
} from './view/index.ts'
export {
  type AlarmStep,
  builtinRules,
  type Course,
  courseOf,
  createWatch,
  type Episode,
  evaluate,
  evaluateAll,
  type Finding,
  forget,
  hear,
  type OpenFinding,
  type OwnLimits,
  publishedOf,
  QUIET_HOURS,
  type Round,
  type Rule,
  type RuleKind,
  type RuleReplay,
  ruleFor,
  type Span,
  silentAfterMs,
  tellAtMs,
  type Urgency,
  type WatchContext,
  type WatchedDevice,
  type WatchState,
} from './watch/index.ts'
export {
  type AddAttachment,
  type AttachmentKind,
  type AttachmentProblem,
  addAttachment,
  dropAttachment,
  keepAttachment,
  type OpenedAttachment,
  openAttachment,
} from './work/attachment.ts'
export { type AttachmentRow, type BlobPlace, listAttachments } from './work/attachment-list.ts'
export {
  type AuditAction,
  type AuditFilter,
  type AuditFlag,
  type AuditRow,
  type AuditTrail,
  auditTrail,
} from './work/audit.ts'
export type { Touched } from './work/audit-touched.ts'
export {
  type CaseClock,
  type ClockRules,
  caseClock,
  clockRulesOf,
  type StagePeriod,
  stageOf,
  stagePeriods,
} from './work/case-clock.ts'
export { type CaseEvidence, evidenceOf } from './work/case-evidence.ts'
export {
  type CaseKind,
  caseKindOf,
  caseKindsOf,
  defaultCaseKinds,
  formatLimit,
  type Limit,
  parseLimit,
  STAGES,
  type Stage,
} from './work/case-kinds.ts'
export type { AwaitedStep } from './work/case-list.ts'
export { caseMeasures, type Measure, type StageMeasure } from './work/case-measures.ts'
export { type Recurrence, recurrenceOf } from './work/case-recurrence.ts'
export type { CaseEffect, RequestState } from './work/case-state.ts'
export { onlyAsks } from './work/case-steps.ts'
export {
  type CaseNotice,
  type CaseWarning,
  caseNotices,
  caseWarnings,
  unknownCalendarYears,
} from './work/case-warnings.ts'
export type { EntryPlace } from './work/command.ts'
export {
  type ConsentHow,
  type ConsentRow,
  type GiveConsent,
  giveConsent,
  type LegalBasis,
  listConsents,
  type WithdrawnConsent,
  withdrawConsent,
} from './work/consent.ts'
export { startOfDay } from './work/day.ts'
export {
  deviceAt,
  noteErased,
  type ReplaceDevice,
  type RetireDevice,
  type RetiredDevice,
  replaceDevice,
  retireDevice,
  type WhyRetired,
} from './work/device-change.ts'
export { type DeviceFigures, type Quarter, quarterAt, quarterOf } from './work/device-figures.ts'
export {
  type DeviceTask,
  daysHeard,
  deviceTasks,
  type Expiry,
  expiryOf,
  isRetired,
  monthsInUse,
  predecessorsOf,
  standingDevices,
} from './work/device-life.ts'
export {
  isNorm,
  type NormCode,
  type NormRow,
  type Norms,
  type NormUnit,
  norms,
  normsOf,
  setNorm,
} from './work/device-norms.ts'
export {
  type DeviceReview,
  decideDevice,
  isReviewChoice,
  listReviews,
  type ReviewChoice,
  type ReviewReason,
  reviewChoices,
  reviewOf,
  type Sayer,
  sayers,
  sayOfDevice,
} from './work/device-review.ts'
export { dueForErasure, type ErasureDue, erasureTitle } from './work/erasure-due.ts'
export {
  type ErrandKind,
  type ErrandProblem,
  type OpenErrand,
  openErrand,
  type StepErrand,
  type SteppedErrand,
  stepErrand,
} from './work/errand.ts'
export {
  type ErrandCard,
  type ErrandFilter,
  type ErrandRow,
  type ErrandStepRow,
  errandCard,
  listErrands,
  openErrands,
} from './work/errand-list.ts'
export { type ErrandFold, foldErrand } from './work/errand-state.ts'
export {
  type ErrandState,
  type ErrandStep,
  errandRule,
  errandStateLabel,
  errandStates,
  errandStepLabel,
  errandSteps,
  errandStepsFrom,
  isErrandStep,
} from './work/errand-steps.ts'
export { announcedDays, type NamedDay } from './work/holidays.ts'
export {
  type Compared,
  type HomeSheet,
  homeSheet,
  type MeterSheet,
  type SheetOptions,
  type UseNotice,
} from './work/home-sheet.ts'
export {
  type Absence,
  type AddDiary,
  type AddedForm,
  type AddForm,
  type AlarmAnswerRow,
  type AlarmCard,
  type AlarmChain,
  type AlarmDeed,
  type AlarmFilter,
  type AlarmFold,
  type AlarmMeans,
  type AlarmMeasure,
  type AlarmNext,
  type AlarmRow,
  type AlarmState,
  type AlarmVerdict,
  type AnswerAlarm,
  type AnsweredAlarm,
  type Author,
  addDays,
  addDiary,
  addForm,
  addressOf,
  addressText,
  ageOf,
  alarmCard,
  alarmDeedLabel,
  alarmDeeds,
  alarmIdOf,
  alarmMeansLabel,
  alarmMeasures,
  alarmVerdictLabel,
  alarmVerdicts,
  answerAlarm,
  buildingOf,
  type CaseCard,
  type CaseRow,
  type CaseState,
  type CaseStep,
  type CaseStepRow,
  ClaimBook,
  type ClaimPlace,
  type ClaimRow,
  type ClaimScope,
  type ClaimState,
  type ConflictRow,
  calendarOf,
  carryHousehold,
  caseCard,
  caseStates,
  caseSteps,
  categoryLabel,
  closeSweep,
  type DayTally,
  type DeskRef,
  type DeviceRow,
  type DiaryRow,
  type DispatchCard,
  type DispatchRow,
  type DispatchState,
  type DoorClaim,
  type DoorState,
  type DueRule,
  type DueVisit,
  daysBetween,
  dayTally,
  dispatchCard,
  dispatchCase,
  dispatchStateLabel,
  dispatchStates,
  dispatchStepLabel,
  dueList,
  editHousehold,
  type FieldChange,
  type FormRow,
  type FormUse,
  type FoundForm,
  findDesks,
  findForm,
  findGrid,
  foldAlarm,
  formSourceOf,
  formUses,
  type GridOverview,
  type GridRef,
  type HiddenFact,
  type HouseholdCard,
  type HouseholdRow,
  householdCard,
  type ImproveAlarm,
  type ImprovedAlarm,
  type Improvement,
  type ImprovementName,
  improveAlarm,
  improvementsFor,
  isAboutPerson,
  isAlarmDeed,
  isAlarmVerdict,
  isCaseState,
  isCaseStep,
  isFalseAlarm,
  isFormUse,
  isMasked,
  isReportStep,
  isShare,
  listAlarms,
  listCases,
  listClaims,
  listConflicts,
  listDesks,
  listDiary,
  listDispatches,
  listFormRows,
  listHouseholds,
  listMoves,
  listSweeps,
  listVisits,
  loadSpeller,
  type MoveRow,
  mayPhotograph,
  memberName,
  mindLabel,
  mindOf,
  minds,
  moveHousehold,
  type NewsRow,
  newsSince,
  type OfferForm,
  type Overview,
  offerForm,
  openAbsenceCase,
  openCase,
  openRecordSet,
  openSearch,
  openSweep,
  overviewOf,
  type PartOfDay,
  planSaves,
  prefillFor,
  type RaisedAlarm,
  RecordSet,
  type RecordVisit,
  type ReleasedClaim,
  type ReportStep,
  type ResidentRow,
  raiseFinding,
  recordVisit,
  releaseClaim,
  reportDispatch,
  reportSteps,
  type Search,
  type ShareName,
  type Speller,
  type Spread,
  type StepFlag,
  type Sweep,
  type SweepCard,
  type SweepCounts,
  type SweepDoor,
  type SweepState,
  settleConflict,
  shares,
  shortAddress,
  shownFields,
  stairText,
  stateLabel,
  stationCalendar,
  stepCase,
  stepLabel,
  stepsFrom,
  stillFound,
  subjectsOf,
  sweepCard,
  type TakeClaim,
  type TakenClaim,
  takeClaim,
  textOf,
  tickDiary,
  titleIn,
  titleOf,
  type VisitContact,
  type VisitRow,
  visitRow,
  type WorkerCounts,
  type WorkerOverview,
  withdrawVisit,
} from './work/index.ts'
export { learnDevices } from './work/learn-devices.ts'
export {
  awayOn,
  type CorrectLeave,
  correctLeave,
  endLeave,
  type LeaveFilter,
  type LeaveRow,
  type LeaveSaidBy,
  type LeaveState,
  listLeaves,
  type NoteLeave,
  noteLeave,
  type PastAlarm,
  suggestsLeave,
} from './work/leave.ts'
export { leaveSpans, OPEN_LEAVE_DAYS } from './work/leave-state.ts'
export {
  type CalendarProblem,
  type LoadCalendar,
  type LoadedCalendar,
  loadCalendar,
  parseCalendarFile,
} from './work/load-calendar.ts'
export { maskedFor, maskKindOf } from './work/mask.ts'
export { type Average, isMetered, METERED, type MeterDay, type Metered } from './work/meter-days.ts'
export { type ExportAction, type NoteExport, noteExport } from './work/note-export.ts'
export { LEAST_OTHERS, type PeerBand } from './work/peer-band.ts'
export {
  type AddedHousehold,
  type AddedPerson,
  type AddHousehold,
  type AddPerson,
  type Alike,
  addHousehold,
  addPerson,
  type BasisRow,
  basesOf,
  type CategoryBasis,
  type ChangedResidence,
  type ChangeResidence,
  type Cluster,
  correctResidence,
  type DraftRecord,
  type Duplicate,
  type DuplicateFinder,
  type DuplicateReason,
  type EditRecord,
  editRecord,
  factsOfIdNumber,
  filledFromId,
  gridName,
  isSensitiveCategory,
  knownCategories,
  listMerges,
  listMismatches,
  listPeople,
  type MatchedBy,
  type MergeAct,
  type Mergeable,
  type MergeDifference,
  type MergedRecords,
  type MergeRow,
  type Mismatch,
  type MismatchRow,
  mergeDifferences,
  mergeRecords,
  mismatchAt,
  moveIn,
  moveOut,
  openDuplicates,
  type Pair,
  type PersonCard,
  type PersonHistoryRow,
  type PersonRow,
  type PersonWarning,
  type PhoneKind,
  personCard,
  personRow,
  personWarnings,
  phoneKind,
  phoneWarnings,
  type ResidenceAct,
  type ResidenceDetails,
  recordDeath,
  type SeparatedRecords,
  type Suggestion,
  sayNotSame,
  setAway,
  setNominal,
  setReturned,
  shown,
  suggestCategories,
  type UndoneResidence,
  undoResidence,
  unmergeRecords,
  type WhereState,
  whereIs,
} from './work/people.ts'
export {
  type ConsentState,
  hasMonitoringEnded,
  isAllowed,
  mayReadDevice,
  mayShare,
  type Permission,
  permissionFor,
} from './work/permission.ts'
export { copyPerson, type PersonCopy } from './work/person-copy.ts'
export { isPurpose, monitoringOf, type Purpose, purposes } from './work/purposes.ts'
export {
  type DailyReading,
  type RecordedReading,
  readingOf,
  recordReading,
} from './work/record-reading.ts'
export { type RetentionClass, type RetentionRow, retentionClasses, retentionTable } from './work/retention.ts'
export { type Revealed, reveal } from './work/reveal.ts'
export { isRevealReason, type RevealReason, revealReasons } from './work/reveal-reasons.ts'
export { setCaseKind } from './work/set-case-kind.ts'
export { type AdjustDevice, adjustDevice, setRule } from './work/set-rule.ts'
export {
  codeInQr,
  codeText,
  type FormVersion,
  findSheet,
  looksLikeSheet,
  MOST_COPIES,
  type PrintedSheet,
  parseSheetCode,
  type SheetProblem,
  sheetCode,
  type TypedIn,
} from './work/sheet-code.ts'
export { type ReturnReason, returnReasons, type Satisfaction, satisfactions } from './work/step-case.ts'
export { type SummarisedDay, summariseDay } from './work/summarise-day.ts'
export { holdersOf, lastVisitOf } from './work/visit-holders.ts'
export {
  communityCard,
  setWarnAfterDays,
  unheardOf,
  warnAfterDays,
} from './work/warn-after.ts'
export {
  type CommunityRule,
  type DeviceRule,
  deviceRulesOf,
  limitFields,
  rulesOf,
} from './work/watch-rules.ts'
export { WatchedBook, watchedDevice } from './work/watched-devices.ts'
export { type KnownYear, WorkCalendar, type WorkDay, workCalendarOf, yearDays } from './work/work-calendar.ts'
export { DEFAULT_HOURS, formatHours, parseHours } from './work/working-hours.ts'
