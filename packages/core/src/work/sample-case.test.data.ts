/** Cases made of steps, each of which has seen all before it, for tests that need no station. */
import type { Projection, TimelineItem } from '../record/project.ts'
import type { ClockRules } from './case-clock.ts'
import { caseKindsOf } from './case-kinds.ts'
import { type CaseStep, stepRule } from './case-steps.ts'
import { calendarIn } from './day.ts'
import { WorkCalendar } from './work-calendar.ts'
import { parseHours } from './working-hours.ts'

const work = new WorkCalendar(calendarIn('Asia/Shanghai'), parseHours('09:00-17:00')!)
const kindRecord = (fields: Projection['fields']): Projection => ({
  ...emptyCase,
  id: 'ck-1',
  type: 'kind',
  fields,
})
export const emptyCase: Projection = {
  ...{ id: 'ca-1', type: 'case', space: 'sp-1', fields: {}, sets: {}, timelines: {}, conflicts: {} },
  ...{ createdAt: 0, createdBy: 'me-1', changedAt: 0 },
}
export const rules = (fields: Projection['fields'] = {}): ClockRules => ({
  work,
  kinds: caseKindsOf({
    ofType: (type) => (type === 'kind' ? [kindRecord({ code: 'facility', ...fields })] : []),
  }),
})
/** By the clocks of the community. */
export const at = (text: string): number => Date.parse(`2026-${text}+08:00`)

export type Said = {
  readonly step: CaseStep
  readonly at: string | number
  readonly by?: string
  readonly due?: string
  readonly to?: string
  readonly because?: string
  readonly satisfaction?: string
  readonly of?: string
}
export function caseOf(steps: readonly Said[], fields: Projection['fields'] = {}): Projection {
  const items = steps.map(
    ({ at: when, by = 'me-1', ...said }, index): TimelineItem & { decided: boolean } => {
      const saw = steps.slice(0, index).map((_, before) => `s${String(before).padStart(2, '0')}`)
      const atMs = typeof when === 'number' ? when : at(when)
      const id = `s${String(index).padStart(2, '0')}`
      const { asks, decides } = stepRule(said.step)
      const decided = by === 'me-9' || (asks === true && by !== 'me-2') || decides === 'chief'
      return { id, by, at: atMs, value: { ...said, note: 'x', saw }, decided }
    },
  )
  return {
    ...emptyCase,
    fields: { kind: 'facility', ...fields },
    timelines: { steps: items.filter((one) => !one.decided), decisions: items.filter((one) => one.decided) },
  }
}
