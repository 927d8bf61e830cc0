export { factsOfIdNumber } from '../records/person.ts'
/** People and homes: what commands and screens do with them. */
export { isSensitiveCategory, knownCategories } from './categories.ts'
export { type BasisRow, basesOf, type CategoryBasis } from './category-basis.ts'
export { type Suggestion, suggestCategories } from './category-suggestions.ts'
export {
  type Alike,
  type DraftRecord,
  type Duplicate,
  type DuplicateFinder,
  type DuplicateReason,
  openDuplicates,
} from './duplicates.ts'
export { type EditRecord, editRecord } from './edit-record.ts'
export { gridName } from './lookups.ts'
export { shown } from './mask.ts'
export {
  listMerges,
  type Mergeable,
  type MergeDifference,
  type MergedRecords,
  type MergeRow,
  mergeDifferences,
  mergeRecords,
  type SeparatedRecords,
  sayNotSame,
  unmergeRecords,
} from './merge.ts'
export type { Cluster, MergeAct, Pair } from './merge-state.ts'
export { listMismatches, type Mismatch, type MismatchRow, mismatchAt } from './mismatch.ts'
export { filledFromId, type PersonWarning, personWarnings, phoneWarnings } from './person-checks.ts'
export {
  listPeople,
  type PersonCard,
  type PersonHistoryRow,
  type PersonRow,
  personCard,
  personRow,
  type WhereState,
  whereIs,
} from './person-list.ts'
export { type PhoneKind, phoneKind } from './phone.ts'
export {
  type AddedHousehold,
  type AddedPerson,
  type AddHousehold,
  type AddPerson,
  addHousehold,
  addPerson,
} from './register-person.ts'
export {
  type ChangedResidence,
  type ChangeResidence,
  correctResidence,
  moveIn,
  moveOut,
  type ResidenceAct,
  type ResidenceDetails,
  recordDeath,
  setAway,
  setNominal,
  setReturned,
  type UndoneResidence,
  undoResidence,
} from './residence-acts.ts'
export type { MatchedBy } from './search.ts'
