import { type Measure, STAGES } from '@doorstep/core'
import { stageWords } from './clock-text.ts'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'

const HEADINGS: Readonly<Record<Measure['of'], Words>> = {
  grid: ['网格', 'Grid'],
  worker: ['人员', 'Worker'],
  desk: ['单位', 'Unit'],
}

/** One table for grids, one for workers, one for units; a stage reads in time / should have been done. */
export function measuresText(rows: readonly Measure[], language: Language): string {
  if (rows.length === 0) return say(language, ['这段时间没有案件。', 'No cases in this time.'])
  const tables = (['grid', 'worker', 'desk'] as const).flatMap((of) => {
    const some = rows.filter((row) => row.of === of)
    return some.length === 0 ? [] : [measureTable(of, some, language)]
  })
  const note = say(language, [
    '环节:按时/应办(×最高超时倍数)。错派/派遣分开算。定义见 docs/cases.md。',
    'Stages: in time/due (× the most a limit was used up). Wrong dispatch is counted apart. See docs/cases.md.',
  ])
  return [...tables, note].join('\n\n')
}

const measureTable = (of: Measure['of'], rows: readonly Measure[], language: Language): string => {
  const head = [
    say(language, HEADINGS[of]),
    ...STAGES.map((stage) => say(language, stageWords[stage])),
    say(language, ['错派', 'Wrong']),
    say(language, ['返工', 'Rework']),
    say(language, ['延期', 'Extended']),
    say(language, ['挂账', 'Shelved']),
    say(language, ['退回', 'Returned']),
    say(language, ['按期/结案', 'Closed']),
    say(language, ['超期未结', 'Late']),
    say(language, ['满意/回访', 'Satisfied']),
  ]
  const body = rows.map((row) => {
    const closed = row.closedOnTime + row.closedLate
    return [
      row.name,
      ...STAGES.map((stage) => {
        const { should, onTime, mostTimes } = row.stages[stage]
        return should === 0 ? '' : `${onTime}/${should}${mostTimes >= 2 ? `×${mostTimes}` : ''}`
      }),
      row.dispatched === 0 ? '' : `${row.wrongDispatch}/${row.dispatched}`,
      some(row.rework),
      some(row.extensions),
      some(row.shelved),
      some(row.returned),
      closed === 0 ? '' : `${row.closedOnTime}/${closed}`,
      some(row.openLate),
      row.callBacks === 0 ? '' : `${row.satisfied + row.fair}/${row.callBacks}`,
    ]
  })
  return table(head, body)
}

const some = (count: number): string => (count === 0 ? '' : String(count))
