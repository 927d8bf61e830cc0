export { builtinRules } from './builtin-rules.ts'
export type { Course, Episode } from './course.ts'
export { courseOf, evaluate, ruleFor, silentAfterMs } from './evaluate.ts'
export {
  createWatch,
  evaluateAll,
  forget,
  hear,
  type OpenFinding,
  type Round,
  type WatchState,
} from './evaluate-all.ts'
export type { AlarmStep, Finding, Rule, RuleKind, Urgency } from './finding.ts'
export { type Published, publishedOf, type Replay, type RuleReplay } from './replay.ts'
export {
  type OwnLimits,
  QUIET_HOURS,
  type Span,
  tellAtMs,
  type WatchContext,
  type WatchedDevice,
} from './watched.ts'
