import {
  type CaseStep,
  dispatchCase,
  findDesks,
  openRecordSet,
  type Result,
  type ReturnReason,
  type Satisfaction,
  type Station,
  stepCase,
} from '@doorstep/core'
import { memberNamed } from '../station/names.ts'
import type { CaseQuestion } from './screens.ts'

/** One step as it was asked for on the screen: a desk by its name gets a dispatch, anybody else is noted. */
export async function takeStep(
  station: Station,
  {
    id,
    step,
    said,
    of,
  }: {
    readonly id: string
    readonly step: CaseStep
    readonly said: Readonly<Partial<Record<CaseQuestion, string>>>
    readonly of: string | null
  },
): Promise<Result<unknown>> {
  const { note, due, to, because, satisfaction, spokeTo, noPhoto } = said
  const common = { case: id, ...(note ? { note } : {}), ...(due ? { due } : {}) }
  const desk = step === 'dispatch' && to ? deskNamed(station, id, to) : null
  if (desk !== null) return dispatchCase(station, { ...common, desk })
  return stepCase(station, {
    ...common,
    step,
    ...(to ? { to: memberNamed(station, to) ?? to } : {}),
    ...(because ? { because: because as ReturnReason } : {}),
    ...(satisfaction ? { satisfaction: satisfaction as Satisfaction } : {}),
    ...(spokeTo ? { spokeTo } : {}),
    ...(noPhoto ? { noPhoto } : {}),
    ...(of === null ? {} : { of }),
  })
}

/** The space of the one desk of the case's grid that bears this name, or begins with it. */
export function deskNamed(station: Station, id: string, name: string): string | null {
  const grid = station.get(id)?.space
  const desks = findDesks(openRecordSet(station, { follow: false }), name).filter((one) => one.grid === grid)
  return desks.length === 1 && desks[0]!.name.startsWith(name) ? desks[0]!.space : null
}
