export { type Absence, askedOf, type PartOfDay, usualChain } from './absence.ts'
export { type Address, addressOf, addressText, shortAddress, stairText, walkingKey } from './address.ts'
export {
  type AlarmDeed,
  type AlarmMeans,
  type AlarmVerdict,
  alarmDeedLabel,
  alarmDeeds,
  alarmMeansLabel,
  alarmVerdictLabel,
  alarmVerdicts,
  isAlarmDeed,
  isAlarmVerdict,
  isFalseAlarm,
} from './alarm-answers.ts'
export type { AlarmChain, AlarmNext } from './alarm-chain.ts'
export {
  type AlarmAnswerRow,
  type AlarmCard,
  type AlarmFilter,
  type AlarmRow,
  alarmCard,
  listAlarms,
} from './alarm-list.ts'
export { type AlarmMeasure, alarmMeasures, type Spread } from './alarm-measures.ts'
export { type AlarmFold, type AlarmState, foldAlarm } from './alarm-state.ts'
export { type AnswerAlarm, type AnsweredAlarm, answerAlarm } from './answer-alarm.ts'
export {
  type CaseCard,
  type CaseRow,
  type CaseStepRow,
  caseCard,
  caseRow,
  listCases,
} from './case-list.ts'
export {
  type CaseFold,
  type FoldedStep,
  foldCase,
  foldCaseRecord,
  type StepFlag,
} from './case-state.ts'
export {
  type CaseState,
  type CaseStep,
  caseStates,
  caseSteps,
  isCaseState,
  isCaseStep,
  isOpenState,
  stateLabel,
  stepLabel,
  stepsFrom,
} from './case-steps.ts'
export { categoryLabel } from './categories.ts'
export {
  type ClaimPlace,
  type ReleaseClaim,
  type ReleasedClaim,
  releaseClaim,
  type TakeClaim,
  type TakenClaim,
  takeClaim,
} from './claim.ts'
export { buildingOf, ClaimBook, type DoorClaim } from './claim-book.ts'
export { type ClaimFilter, type ClaimRow, type ClaimState, listClaims } from './claim-list.ts'
export type { ClaimScope } from './claim-state.ts'
export { type EntryPlace, stationCalendar } from './command.ts'
export { addDays, type Calendar, calendarOf, DEFAULT_TIME_ZONE, daysBetween } from './day.ts'
export { type DayTally, dayTally, type NewsRow, newsSince } from './day-tally.ts'
export { type AddDiary, addDiary, type DiaryFilter, type DiaryRow, listDiary, tickDiary } from './diary.ts'
export {
  type DispatchCase,
  type DispatchedCase,
  dispatchCase,
  type ReportDispatch,
  type ReportedDispatch,
  reportDispatch,
} from './dispatch.ts'
export {
  type DeskRef,
  type DispatchCard,
  type DispatchRow,
  type DispatchStepRow,
  dispatchCard,
  findDesks,
  listDesks,
  listDispatches,
} from './dispatch-list.ts'
export { isShare, type ShareName, shares } from './dispatch-sharing.ts'
export {
  type DispatchState,
  dispatchStateLabel,
  dispatchStates,
  dispatchStepLabel,
  isReportStep,
  type ReportStep,
  reportSteps,
} from './dispatch-state.ts'
export {
  type DueOptions,
  type DuePolicy,
  type DueRule,
  type DueVisit,
  dueList,
  isStanding,
  nextVisit,
} from './due.ts'
export { type EditedRecord, type EditRecord, editHousehold, editRecord } from './edit-record.ts'
export {
  type AddedForm,
  type AddForm,
  addForm,
  type OfferForm,
  offerForm,
} from './form-commands.ts'
export {
  type FormRow,
  type FormUse,
  type FoundForm,
  findForm,
  formSourceOf,
  formUses,
  isFormUse,
  listFormRows,
  titleIn,
} from './form-list.ts'
export {
  type FormSubjects,
  factOf,
  type HiddenFact,
  isAboutPerson,
  prefillFor,
  subjectsOf,
} from './form-subjects.ts'
export {
  type CardOptions,
  type DeviceRow,
  type HouseholdCard,
  householdCard,
  type ResidentRow,
} from './household-card.ts'
export {
  type ImproveAlarm,
  type ImprovedAlarm,
  type Improvement,
  type ImprovementName,
  improveAlarm,
  improvementsFor,
} from './improve-alarm.ts'
export type { Language } from './language.ts'
export { type Author, findGrid, type GridRef, gridName, gridOf, memberName, stationName } from './lookups.ts'
export { isMasked, type MaskKind, maskedFor, maskValue, shown, shownFields } from './mask.ts'
export { mindLabel, mindOf, minds } from './minds.ts'
export {
  type CarriedHousehold,
  carryHousehold,
  type MovedHousehold,
  type MoveHousehold,
  moveHousehold,
} from './move-household.ts'
export { listMoves, type MoveRow } from './move-household-list.ts'
export { type OpenedAbsenceCase, openAbsenceCase } from './open-absence-case.ts'
export { type OpenCase, type OpenedCase, openCase } from './open-case.ts'
export {
  type GridOverview,
  type Overview,
  overviewOf,
  type WorkerOverview,
} from './overview.ts'
export { mayPhotograph } from './permission.ts'
export { loadSpeller, type Speller } from './pinyin.ts'
export {
  type ConflictRow,
  type HouseholdRow,
  listConflicts,
  listHouseholds,
  listVisits,
  titleOf,
  type VisitRow,
  visitRow,
} from './queries.ts'
export { alarmIdOf, type RaisedAlarm, raiseFinding } from './raise-alarm.ts'
export { openRecordSet, RecordSet, type RecordSetChange, textOf } from './record-set.ts'
export {
  type RecordedVisit,
  type RecordVisit,
  recordVisit,
  type VisitContact,
  type VisitMode,
  type VisitOutcome,
} from './record-visit.ts'
export { ageOf, categoriesOf, type Resident, residentsOf } from './residents.ts'
export { type Match, openSearch, type Search } from './search.ts'
export { type SettleConflict, type SettledConflict, settleConflict } from './settle-conflict.ts'
export { type StepCase, type SteppedCase, stepCase } from './step-case.ts'
export { stillFound } from './still-found.ts'
export type { DoorState, Sweep, SweepState } from './sweep.ts'
export {
  listSweeps,
  type SweepCard,
  type SweepCounts,
  type SweepDoor,
  sweepCard,
  type WorkerCounts,
} from './sweep-card.ts'
export {
  type ClosedSweep,
  closeSweep,
  type OpenedSweep,
  type OpenSweep,
  openSweep,
} from './sweep-commands.ts'
export { nameOfLaid } from './visit-form.ts'
export { type FieldChange, planSaves } from './visit-saves.ts'
export { type WithdrawnVisit, withdrawVisit } from './withdraw-visit.ts'
