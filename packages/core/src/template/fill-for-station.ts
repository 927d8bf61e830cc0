import { Tally } from '../report/measures.ts'
import { compareNames } from '../report/name-order.ts'
import { monthPeriod } from '../report/period.ts'
import { DEFAULT_LIMIT } from '../report/suppress.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { WorkbookProblem } from '../sheet/workbook.ts'
import type { Station } from '../station/station.ts'
import { calendarOf } from '../work/day.ts'
import type { Language } from '../work/language.ts'
import { findGrid, memberName } from '../work/lookups.ts'
import { openRecordSet } from '../work/record-set.ts'
import { communityCard } from '../work/warn-after.ts'
import { type FilledTemplate, fillTemplate, fillWords } from './fill-template.ts'
import { readTemplate } from './read-template.ts'
import type { TemplateProblem } from './template-shelf.ts'

export type TableAsk = {
  readonly month: string
  /** A grid's id, name or space; all that this station reads when not given. */
  readonly grid?: string
  readonly limit?: number
  readonly language: Language
}
export type TableProblem =
  | WorkbookProblem
  | TemplateProblem
  | (Problem & { type: 'bad-month' | 'unknown-grid' })

/** A template with the numbers of this station's records. */
export async function fillForStation(
  station: Station,
  template: Uint8Array,
  ask: TableAsk,
): Promise<Result<FilledTemplate, TableProblem>> {
  const { month, language } = ask
  if (!monthPeriod(month)) return fail({ type: 'bad-month', month })
  const read = await readTemplate(template)
  if (!read.ok) return read
  if (read.value.faults.length > 0) return fail({ type: 'template-faults', faults: read.value.faults })
  const set = openRecordSet(station, { follow: false })
  const one = ask.grid === undefined ? null : findGrid(set, ask.grid)
  const names = [...set.ofType('grid')].map(({ fields }) => String(fields.name)).sort(compareNames)
  if (ask.grid !== undefined && !one) return fail({ type: 'unknown-grid', grid: ask.grid, grids: names })
  const today = calendarOf(set).dayOf(station.now)
  const readable = new Set(station.spaces().map(({ id }) => id))
  const here = names.filter((name) => readable.has(findGrid(set, name)?.space ?? ''))
  const maker = station.member()
  return ok(
    await fillTemplate(read.value, {
      tally: new Tally(set, today),
      month,
      grids: one ? [one.name] : here,
      allGrids: one === null,
      limit: ask.limit ?? DEFAULT_LIMIT,
      language,
      words: fillWords(
        month,
        {
          community: String(communityCard(station)?.fields.name ?? ''),
          today,
          maker: maker ? memberName(set, maker.id) : '',
        },
        language,
      ),
    }),
  )
}
