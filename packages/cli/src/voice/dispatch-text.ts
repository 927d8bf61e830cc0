import { type DispatchCard, type DispatchRow, dispatchStateLabel, dispatchStepLabel } from '@doorstep/core'
import { type Language, say } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, lateWords, type Today } from './time.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

export function dispatchesText(rows: readonly DispatchRow[], language: Language): string {
  if (rows.length === 0) return say(language, ['没有派遣。', 'No dispatches.'])
  return table(
    [
      fieldLabel('dispatch', 'title', language),
      fieldLabel('dispatch', 'address', language),
      say(language, ['状态', 'State']),
      fieldLabel('dispatch', 'dueOn', language),
      say(language, ['协作台', 'Desk']),
      'id',
    ],
    rows.map((row) => [
      row.title,
      row.address ?? '',
      dispatchStateLabel(row.state, language),
      limitText(row, language),
      row.desk,
      shortId(row.id),
    ]),
  )
}

const limitText = ({ deadline, lateDays }: DispatchRow, language: Language): string =>
  deadline === null ? '' : lateDays === 0 ? deadline : `${deadline} ${lateWords(lateDays, language)}`

export function dispatchText(card: DispatchCard, now: Today): string {
  const { language } = now
  const label = (field: string) => fieldLabel('dispatch', field, language)
  const facts = labelled([
    ['id', card.id],
    [label('title'), card.title],
    [label('kind'), valueText('dispatch', 'kind', card.kind, language)],
    [label('address'), card.address],
    [say(language, ['状态', 'State']), dispatchStateLabel(card.state, language)],
    [label('dueOn'), limitText(card, language)],
    [label('grade'), valueText('dispatch', 'grade', card.grade, language)],
    [label('about'), card.about],
    [label('note'), card.note],
    [label('bring'), card.bring],
    ...card.told.map((one) => [say(language, one.label), one.value] as const),
    [label('from'), card.from],
    [say(language, ['协作台', 'Desk']), card.desk],
    [say(language, ['案件', 'Case']), card.case],
  ])
  if (card.steps.length === 0) return facts
  const steps = table(
    [
      say(language, ['回报', 'Report']),
      say(language, ['谁', 'By']),
      say(language, ['何时', 'When']),
      say(language, ['说明', 'Note']),
    ],
    card.steps.map((step) => [
      dispatchStepLabel(step.step, language),
      step.by.name,
      instantWords(step.atMs, now),
      step.note ?? '',
    ]),
  )
  return `${facts}\n\n${steps}`
}
