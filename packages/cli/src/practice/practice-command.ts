import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fail, isPracticeCommunity, openRecordSet, type RecordSet, type Station } from '@doorstep/core'
import { DoorstepCommand } from '../base-command.ts'
import { todayOf } from '../station/today.ts'
import { type PracticePlan, planOf } from './plan.ts'
import { type PracticeTask, practiceTasks } from './tasks.ts'

export type PracticeOpen = {
  readonly station: Station
  readonly set: RecordSet
  readonly plan: PracticePlan
  readonly tasks: readonly PracticeTask[]
}

/** Commands of practice have a home of their own, beside the real one. */
export abstract class PracticeCommand extends DoorstepCommand {
  override homeOf(flags: { readonly home?: string | undefined }): string {
    return resolve(flags.home ?? join(homedir(), '.doorstep-practice'))
  }

  protected async openPractice(flags: Parameters<DoorstepCommand['open']>[0]): Promise<PracticeOpen> {
    const station = await this.open(flags)
    const plan = planOf(station)
    if (!isPracticeCommunity(station.identity.community) || !plan)
      return this.must(fail({ type: 'not-practice', home: this.homeOf(flags) }))
    const set = openRecordSet(station, { follow: false })
    const tasks = practiceTasks(set, plan, todayOf(station, this.language))
    return { station, set, plan, tasks }
  }
}
