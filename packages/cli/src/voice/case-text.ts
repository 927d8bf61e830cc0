import {
  type CaseCard,
  type CaseRow,
  dispatchStepLabel,
  isCaseStep,
  isShare,
  shares,
  stateLabel,
  stepLabel,
  stepsFrom,
} from '@doorstep/core'
import type { Language } from './language.ts'
import { say } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

export function casesText(cases: readonly CaseRow[], language: Language): string {
  if (cases.length === 0) return say(language, ['没有案件。', 'No cases.'])
  const rows = cases.map((row) => [
    row.title ?? '',
    row.address,
    stateLabel(row.state, language) + (row.flagged ? ' !' : ''),
    limitText(row, language),
    row.grade === 'serious' ? valueText('case', 'grade', row.grade, language) : '',
    shortId(row.id),
  ])
  const head = [
    fieldLabel('case', 'title', language),
    say(language, ['地址', 'Address']),
    say(language, ['状态', 'State']),
    say(language, ['期限', 'Limit']),
    fieldLabel('case', 'grade', language),
    'id',
  ]
  return table(head, rows)
}

/** `2026-11-24`, and how late where it is. */
const limitText = ({ deadline, lateDays }: CaseRow, language: Language): string =>
  deadline === null
    ? ''
    : lateDays === 0
      ? deadline
      : `${deadline} ${say(language, [`逾期 ${lateDays} 天`, `${lateDays} ${lateDays === 1 ? 'day' : 'days'} late`])}`

export function caseText(card: CaseCard, holder: string | null, now: Today): string {
  const { language } = now
  const label = (field: string) => fieldLabel('case', field, language)
  const facts = labelled([
    ['id', card.id],
    [label('title'), card.title],
    [label('household'), card.household && `${card.address}  ${card.household}`],
    [say(language, ['状态', 'State']), stateLabel(card.state, language)],
    [say(language, ['期限', 'Limit']), limitText(card, language)],
    [say(language, ['在谁手里', 'With']), holder],
    [label('kind'), card.kind],
    [label('grade'), valueText('case', 'grade', card.grade, language)],
    [label('source'), valueText('case', 'source', card.source, language)],
    [label('note'), card.note],
    [label('visit'), card.visit],
  ])
  return `${facts}\n\n${stepsText(card, now)}\n\n${nextText(card, language)}`
}

function stepsText(card: CaseCard, now: Today): string {
  const { language } = now
  return table(
    [
      say(language, ['步骤', 'Step']),
      say(language, ['谁', 'By']),
      say(language, ['何时', 'When']),
      say(language, ['交给', 'To']),
      say(language, ['期限', 'Limit']),
      say(language, ['说明', 'Note']),
    ],
    card.steps.map((step) => [
      `${stepName(step.step, language)}${step.flag === null ? '' : ' !'}`,
      step.via === null || step.via === step.by.name ? step.by.name : `${step.by.name} (${step.via})`,
      instantWords(step.atMs, now),
      step.to ?? '',
      step.due ?? '',
      [step.note, sharedText(step.shared, language), step.flag && flagText(step.flag, language)]
        .filter(Boolean)
        .join(' — '),
    ]),
  )
}

const stepName = (step: string, language: Language): string =>
  isCaseStep(step) ? stepLabel(step, language) : dispatchStepLabel(step, language)

/** What somebody outside was told besides the address. */
const sharedText = (shared: readonly string[], language: Language): string => {
  const labels = shared.map((name) => (isShare(name) ? say(language, shares[name].label) : name))
  const list = labels.join(language === 'zh' ? '、' : ', ')
  return list && say(language, [`告知了${list}`, `told: ${list}`])
}

const flagText = (flag: string, language: Language): string =>
  flag === 'not-from-state'
    ? say(language, [
        '与别人同时写的步骤合不上,没有起作用',
        'did not fit with steps written apart; it changed nothing',
      ])
    : say(language, ['这个版本不认得,没有起作用', 'not known to this version; it changed nothing'])

/** What may come next, as it is typed; beside it in Chinese what it is called. */
export function nextText({ state }: Pick<CaseRow, 'state'>, language: Language): string {
  const steps = stepsFrom(state)
  return say(language, [
    `可以:${steps.map((step) => `${stepLabel(step)} ${step}`).join(' · ')}`,
    `Possible now: ${steps.join(', ')}`,
  ])
}
