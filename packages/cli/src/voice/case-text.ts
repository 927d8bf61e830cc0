import {
  type AwaitedStep,
  type CaseCard,
  type CaseEvidence,
  type CaseKind,
  type CaseNotice,
  type CaseRow,
  dispatchStateLabel,
  dispatchStepLabel,
  formatLimit,
  isCaseStep,
  isShare,
  type Recurrence,
  type ReturnReason,
  returnReasons,
  STAGES,
  satisfactions,
  shares,
  stateLabel,
  stepLabel,
  stepsFrom,
} from '@doorstep/core'
import { unknownYearText } from './calendar-text.ts'
import { chainOf, chainText, clockText, stageWords } from './clock-text.ts'
import type { Language } from './language.ts'
import { say, type Words } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

export function casesText(cases: readonly CaseRow[], language: Language): string {
  if (cases.length === 0) return say(language, ['没有案件。', 'No cases.'])
  const rows = cases.map((row) => [
    row.title ?? '',
    row.address,
    stateText(row, language),
    clockText(row, language),
    row.clock.dueAtMs === null ? '' : (row.deadline ?? ''),
    row.grade === 'serious' ? valueText('case', 'grade', row.grade, language) : '',
    shortId(row.id),
  ])
  const head = [
    fieldLabel('case', 'title', language),
    say(language, ['地址', 'Address']),
    say(language, ['状态', 'State']),
    say(language, ['时限', 'Time left']),
    say(language, ['期限', 'Limit']),
    fieldLabel('case', 'grade', language),
    'id',
  ]
  return table(head, rows)
}

/** What it is, what waits for a chief, and whether something did not fit. */
const stateText = (row: CaseRow, language: Language): string =>
  [
    stateLabel(row.state, language),
    ...row.awaiting.map((one) => awaitsText(one, language)),
    ...(row.flagged ? ['!'] : []),
  ].join(' ')

export const awaitsText = ({ step }: Pick<AwaitedStep, 'step'>, language: Language): string => {
  const name = stepName(step, language)
  return say(language, [`${name}待批`, `${name.toLowerCase()} awaits approval`])
}

/** The same thing at the same door again. */
export const recurrenceText = ({ times, cases }: Recurrence, language: Language): string =>
  say(language, [
    `这一户一年内第 ${times} 次:${cases.slice(0, 3).map(shortId).join('、')}`,
    `Time ${times} within a year at this household: ${cases.slice(0, 3).map(shortId).join(', ')}`,
  ])

export const evidenceText = ({ before, after, wanted }: CaseEvidence, language: Language): string => {
  const lacks = wanted && after.length === 0
  return (
    say(language, [
      `照片:整改前 ${before.length} 张,整改后 ${after.length} 张`,
      `Pictures: ${before.length} before, ${after.length} after`,
    ]) +
    (lacks
      ? say(language, ['(结案要整改后的照片,或写明原因)', ' (closing wants one after, or a reason)'])
      : '')
  )
}

/** What somebody is told of one of their steps, or, as a chief, of somebody else's. */
export function noticeText(notice: CaseNotice, language: Language): string {
  const title = say(language, [`“${notice.title ?? ''}”`, `"${notice.title ?? ''}"`])
  const step = stepName(notice.step, language)
  const by = notice.by?.name ?? say(language, ['有人', 'somebody'])
  switch (notice.type) {
    case 'awaits':
      return say(language, [`${title}:${by}申请${step},等批`, `${title}: ${by} asks: ${step}`])
    case 'decided': {
      if (notice.request === 'overtaken')
        return notice.theirStep === null
          ? `${title} ${step}: ${say(language, REQUESTS.overtaken)}`
          : say(language, [
              `${title}:${by}已${stepName(notice.theirStep, 'zh')},您申请的${step}不用批了`,
              `${title}: ${by} did "${stepName(notice.theirStep, 'en')}"; your "${step}" needs no word any more`,
            ])
      const note = notice.note === null ? '' : say(language, [`(${notice.note})`, ` (${notice.note})`])
      const word = notice.request === 'approved' ? ['批准了', 'approved'] : ['没有批准', 'refused']
      return say(language, [
        `${title}:${by}${word[0]}${step}${note}`,
        `${title}: ${by} ${word[1]} ${step}${note}`,
      ])
    }
    case 'did-not-count':
      return notice.theirStep === null
        ? `${title} ${step}: ${say(language, FLAGS[notice.flag] ?? FLAGS['unknown-step']!)}`
        : say(language, [
            `${title}:${by}先${stepName(notice.theirStep, 'zh')}了,您的${step}留着,没有起作用`,
            `${title}: ${by} was first (${stepName(notice.theirStep, 'en')}); your "${step}" is kept, it changed nothing`,
          ])
  }
}

/** Where what is asked for waits, who asked, and why. */
const awaitedText = (one: AwaitedStep, now: Today): string =>
  [
    awaitsText(one, now.language),
    one.by.name,
    instantWords(one.atMs, now),
    one.due && say(now.language, [`到 ${one.due}`, `until ${one.due}`]),
    one.note,
    one.id.slice(0, 8),
  ]
    .filter(Boolean)
    .join(' · ')

export function caseText(card: CaseCard, holder: string | null, kind: CaseKind, now: Today): string {
  const { language } = now
  const label = (field: string) => fieldLabel('case', field, language)
  const { clock } = card
  const limit = [
    clock.stage && say(language, stageWords[clock.stage]),
    clockText(card, language),
    clock.dueAtMs === null ? card.deadline : instantWords(clock.dueAtMs, now),
    clock.named && say(language, ['指定的日子', 'a day that was named']),
    clock.limit,
  ]
  const facts = labelled([
    ['id', card.id],
    [label('title'), card.title],
    [label('household'), card.household && `${card.address}  ${card.household}`],
    [say(language, ['状态', 'State']), stateLabel(card.state, language)],
    [say(language, ['进程', 'Chain']), chainText(chainOf(card), language)],
    [say(language, ['期限', 'Limit']), limit.filter(Boolean).join(' · ')],
    [
      say(language, ['在谁手里', 'With']),
      holder &&
        [holder, card.outside && dispatchStateLabel(card.outside, language)].filter(Boolean).join(' · '),
    ],
    [label('kind'), say(language, kind.label)],
    [label('grade'), valueText('case', 'grade', card.grade, language)],
    [label('source'), valueText('case', 'source', card.source, language)],
    [label('note'), card.note],
    [label('visit'), card.visit],
  ])
  const told = [
    ...(card.recurrence ? [recurrenceText(card.recurrence, language)] : []),
    ...((card.open && card.evidence.wanted) || card.evidence.before.length + card.evidence.after.length > 0
      ? [evidenceText(card.evidence, language)]
      : []),
    ...card.awaiting.map((one) => awaitedText(one, now)),
    ...(clock.unknownYears.length > 0 ? [unknownYearText(clock.unknownYears, language)] : []),
  ]
  return [
    facts,
    ...(told.length > 0 ? [told.join('\n')] : []),
    stepsText(card, now),
    nextText(card, language),
  ].join('\n\n')
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
      stepSaid(card, step, language).join(' — '),
    ]),
  )
}

/** What a step says besides who and when: its words, what became of it, and why it did not count. */
export function stepSaid(card: CaseCard, step: CaseCard['steps'][number], language: Language): string[] {
  const about = step.of === null ? undefined : card.steps.find(({ id }) => id === step.of)
  return [
    about && stepName(about.step, language),
    step.because && reasonText(step.because, language),
    step.note,
    step.satisfaction && labelOf(satisfactions, step.satisfaction, language),
    step.spokeTo && say(language, [`与${step.spokeTo}通话`, `spoke to ${step.spokeTo}`]),
    step.noPhoto && say(language, [`没有照片:${step.noPhoto}`, `no picture: ${step.noPhoto}`]),
    step.request && say(language, REQUESTS[step.request]),
    sharedText(step.shared, language),
    step.flag && flagText(card, step, language),
  ].filter((one): one is string => Boolean(one))
}

const labelOf = (labels: Readonly<Record<string, Words>>, name: string, language: Language): string =>
  Object.hasOwn(labels, name) ? say(language, labels[name]!) : name
export const satisfactionText = (name: string, language: Language): string =>
  labelOf(satisfactions, name, language)
export const reasonText = (because: ReturnReason | string, language: Language): string =>
  labelOf(returnReasons, because, language)

const REQUESTS: Readonly<Record<NonNullable<CaseCard['steps'][number]['request']>, Words>> = {
  open: ['待批', 'awaits approval'],
  approved: ['已批准', 'approved'],
  refused: ['未批准', 'refused'],
  'taken-back': ['已撤回', 'taken back'],
  overtaken: ['已不需要', 'overtaken'],
}

export const stepName = (step: string, language: Language): string =>
  isCaseStep(step) ? stepLabel(step, language) : dispatchStepLabel(step, language)

/** What somebody outside was told besides the address. */
const sharedText = (shared: readonly string[], language: Language): string => {
  const labels = shared.map((name) => (isShare(name) ? say(language, shares[name].label) : name))
  const list = labels.join(language === 'zh' ? '、' : ', ')
  return list && say(language, [`告知了${list}`, `told: ${list}`])
}

/** Why a step changed nothing: by name, what somebody else did meanwhile. */
export function flagText(
  card: Pick<CaseCard, 'steps'>,
  { flag, overtakenBy }: Pick<CaseCard['steps'][number], 'flag' | 'overtakenBy'>,
  language: Language,
): string {
  const other = card.steps.find(({ id }) => id === overtakenBy)
  if (other) {
    const name = stepName(other.step, language)
    return say(language, [
      `${other.by.name}同时${name}了:这一步留着,没有起作用`,
      `${other.by.name} meanwhile: "${name}"; this step is kept, it changed nothing`,
    ])
  }
  return say(language, FLAGS[flag ?? ''] ?? FLAGS['unknown-step']!)
}

const FLAGS: Readonly<Record<string, Words>> = {
  'not-from-state': [
    '与别人同时写的步骤合不上,没有起作用',
    'did not fit with steps written apart; it changed nothing',
  ],
  'unknown-step': ['这个版本不认得,没有起作用', 'not known to this version; it changed nothing'],
  malformed: ['写得不对,没有起作用', 'not well formed; it changed nothing'],
  'not-theirs': ['不是由能批的人写的,没有起作用', 'not theirs to say; it changed nothing'],
  'no-request': ['申请已有结果,没有起作用', 'the request had its answer; it changed nothing'],
  'refused-meanwhile': [
    '另一位站长同时不批准:以不批准为准',
    'another chief refused meanwhile: the refusal holds',
  ],
}

/** What may come next, as it is typed; beside it in Chinese what it is called. */
export function nextText(
  { state, awaiting, id }: Pick<CaseRow, 'state' | 'awaiting' | 'id'>,
  language: Language,
): string {
  const steps = stepsFrom(state)
  const lines = [
    say(language, [
      `可以:${steps.map((step) => `${stepLabel(step)} ${step}`).join(' · ')}`,
      `Possible now: ${steps.join(', ')}`,
    ]),
  ]
  if (awaiting.length > 0)
    lines.push(
      say(language, [
        `等站长批:doorstep case step ${shortId(id)} approve(批准)或 refuse --note 原因(不批准)`,
        `Waits for a chief: doorstep case step ${shortId(id)} approve, or refuse --note WHY`,
      ]),
    )
  return lines.join('\n')
}

export function kindsText(kinds: readonly CaseKind[], language: Language): string {
  const rows = kinds.map((kind) => [
    kind.code,
    say(language, kind.label) + (kind.disabled ? say(language, ['(停用)', ' (disabled)']) : ''),
    ...STAGES.map((stage) => {
      const limit = formatLimit(kind.limits[stage])
      return stage === 'handle' ? `${limit}/${formatLimit(kind.limits['handle-serious'])}` : limit
    }),
    kind.callBackWanted ? '✓' : '',
    say(language, kind.source),
  ])
  const head = [
    say(language, ['代码', 'Code']),
    say(language, ['名称', 'Name']),
    ...STAGES.map((stage) => say(language, stageWords[stage])),
    say(language, ['要回访', 'Wanted']),
    say(language, ['依据', 'Basis']),
  ]
  const note = say(language, [
    'wh 工时,wd 工作日,h 小时,d 天;处置:一般/严重。',
    'wh working hours, wd working days, h hours, d days; handle: ordinary/serious.',
  ])
  return `${table(head, rows)}\n${note}`
}
