export type { AnswerDocument } from './answer-document.ts'
export type { AnswerFile } from './answer-parse.ts'
export type { AnswerValue, Geopoint } from './answer-value.ts'
export { loadEngine } from './engine.ts'
export { withTexts } from './filled-texts.ts'
export {
  type CheckedForm,
  type CheckedQuestion,
  type CheckProblem,
  checkForm,
  checkFormRules,
} from './form-check.ts'
export type { DraftFile } from './form-draft.ts'
export { type FormFile, readFormFile } from './form-file.ts'
export {
  type FilledFile,
  type FilledForm,
  fillForm,
  fillRuled,
  type RuledForm,
} from './form-fill.ts'
export { type LabelledAnswer, labelAnswers } from './form-labels.ts'
export type { FormLanguage } from './form-language.ts'
export type { OpenFormOptions } from './form-open.ts'
export type { FormOpenProblem, FormOpenProblemType, FormProblem, FormProblemType } from './form-problem.ts'
export { asksAboutPerson, builtinForms, type FormDocument, formById, hazardsOf } from './form-registry.ts'
export {
  type FormRule,
  fieldValue,
  type RegisterField,
  RULES_NAMESPACE,
  type RuledAnswer,
  type RuledType,
} from './form-rules.ts'
export { type FormSession, openForm } from './form-session.ts'
export type { FormValues } from './form-values.ts'
export type { Bilingual, Hazard, HazardGrade, HazardRule } from './hazard.ts'
export type { Prefill } from './prefill-xml.ts'
export type { Choice, FormPlace, Media, Question, QuestionKind, Repeat } from './question.ts'
export type { SkipCause } from './relevance.ts'
export { type FormSheet, formSheet, type SheetCondition, type SheetPart } from './sheet.ts'
export type { Fault, FaultType, Place } from './xlsform/fault.ts'
