export type {
  ListedCase,
  ListedConflict,
  ListedDevice,
  ListedHousehold,
  ListedPerson,
  ListedVisit,
} from './cards.ts'
export { type CardCollection, type LiveQuery, openView, type View, type ViewOptions } from './open-view.ts'
