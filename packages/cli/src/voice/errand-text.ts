import {
  type ErrandCard,
  type ErrandRow,
  type ErrandStepRow,
  errandStateLabel,
  errandStepLabel,
  errandStepsFrom,
  isErrandStep,
} from '@doorstep/core'
import { type Language, plural, say } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, isoTime, type Today } from './time.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

/** `12.50 元`, `¥12.50`; below nothing it is what we laid out. */
export const moneyText = (fen: number, language: Language): string => {
  const yuan = `${Math.trunc(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`
  const sign = fen < 0 ? '-' : ''
  return say(language, [`${sign}${yuan} 元`, `${sign}¥${yuan}`])
}

const listed = (papers: readonly string[], language: Language): string =>
  papers.join(language === 'zh' ? '、' : ', ')

/** What of theirs lies with us: `还有 2 份材料、5.00 元在我们这里`; empty when nothing does. */
export function withUsText(
  { papers, fen }: Pick<ErrandRow, 'papers' | 'fen'>,
  language: Language,
  named = true,
): string {
  const parts = [
    papers.length === 0
      ? ''
      : say(language, [
          `${papers.length} 份材料${named ? `(${listed(papers, language)})` : ''}`,
          `${plural(papers.length, 'paper')}${named ? ` (${listed(papers, language)})` : ''}`,
        ]),
    fen === 0 ? '' : moneyText(fen, language),
  ].filter((part) => part !== '')
  if (parts.length === 0) return ''
  return say(language, [`还有 ${parts.join('、')}在我们这里`, `${parts.join(' and ')} still with us`])
}

export const errandKindText = ({ kind }: Pick<ErrandRow, 'kind'>, language: Language): string =>
  valueText('errand', 'kind', kind, language)

const limitText = ({ dueOn, lateDays, appointedOn, open }: ErrandRow, language: Language): string =>
  [
    appointedOn && open ? say(language, [`约 ${appointedOn}`, `appointed ${appointedOn}`]) : '',
    dueOn === null
      ? ''
      : lateDays === 0
        ? dueOn
        : `${dueOn} ${say(language, [`逾期 ${lateDays} 天`, `${plural(lateDays, 'day')} late`])}`,
  ]
    .filter(Boolean)
    .join(' ')

export function errandsText(rows: readonly ErrandRow[], language: Language): string {
  if (rows.length === 0) return say(language, ['没有代办。', 'No errands.'])
  return table(
    [
      fieldLabel('errand', 'what', language),
      say(language, ['地址', 'Address']),
      say(language, ['状态', 'State']),
      fieldLabel('errand', 'dueOn', language),
      say(language, ['在我们这里', 'With us']),
      'id',
    ],
    rows.map((row) => [
      row.what ?? '',
      row.address,
      errandStateLabel(row.state, language) + (row.flagged ? ' !' : ''),
      limitText(row, language),
      withUsText(row, language, false),
      shortId(row.id),
    ]),
  )
}

export function errandText(card: ErrandCard, now: Today): string {
  const { language } = now
  const facts = labelled([
    ['id', card.id],
    [fieldLabel('errand', 'what', language), card.what],
    [fieldLabel('errand', 'kind', language), errandKindText(card, language)],
    [fieldLabel('errand', 'household', language), `${card.address}  ${card.household}`],
    [fieldLabel('errand', 'person', language), card.personName],
    [say(language, ['状态', 'State']), errandStateLabel(card.state, language)],
    [fieldLabel('errand', 'dueOn', language), limitText(card, language)],
    [fieldLabel('errand', 'note', language), card.note],
    [say(language, ['在我们这里', 'With us']), withUsText(card, language)],
  ])
  const steps = table(
    [
      say(language, ['步骤', 'Step']),
      say(language, ['谁', 'By']),
      say(language, ['何时', 'When']),
      say(language, ['说明', 'Said']),
    ],
    card.steps.map((step) => [
      errandStepName(step, language) + (step.flag === null ? '' : ' !'),
      step.by.name,
      instantWords(step.atMs, now),
      stepDetails(step, language),
    ]),
  )
  return `${facts}\n\n${steps}\n\n${nextErrandText(card, language)}`
}

export const errandStepName = ({ step }: Pick<ErrandStepRow, 'step'>, language: Language): string =>
  isErrandStep(step) ? errandStepLabel(step, language) : step

/** Papers, money, who signed, the receipt, and the note, in a line. */
export function stepDetails(step: ErrandStepRow, language: Language): string {
  return [
    step.on,
    listed(step.papers, language),
    step.fen > 0
      ? `${moneyText(step.fen, language)}${step.counted ? say(language, ['(当面点清)', ' (counted in person)']) : ''}`
      : '',
    step.step === 'sign'
      ? step.relation
        ? say(language, [`${step.relation}代签`, `signed by a relative: ${step.relation}`])
        : say(language, ['本人签', 'signed in person'])
      : step.relation,
    step.receipt && say(language, [`回执 ${step.receipt}`, `receipt ${step.receipt}`]),
    step.note,
    step.flag === 'not-from-state'
      ? say(language, [
          '与别人同时写的步骤合不上;收的、还的照数算',
          'did not fit with steps written apart; what changed hands counts',
        ])
      : step.flag && say(language, ['这个版本不认得', 'not known to this version']),
  ]
    .filter(Boolean)
    .join(language === 'zh' ? ',' : ', ')
}

export function nextErrandText({ state }: Pick<ErrandRow, 'state'>, language: Language): string {
  const steps = errandStepsFrom(state)
  return say(language, [
    `可以:${steps.map((step) => `${errandStepLabel(step)} ${step}`).join(' · ')}`,
    `Possible now: ${steps.join(', ')}`,
  ])
}

export const errandRowJson = ({ openedBy, openedAtMs, fen, ...row }: ErrandRow) => ({
  ...row,
  moneyFen: fen,
  openedBy: openedBy.member,
  openedByName: openedBy.name,
  openedAt: isoTime(openedAtMs),
})

export const errandJson = ({ steps, ...card }: ErrandCard) => ({
  ...errandRowJson(card),
  steps: steps.map(({ by, atMs, fen, ...step }) => ({
    ...step,
    moneyFen: fen,
    by: by.member,
    byName: by.name,
    at: isoTime(atMs),
  })),
})
