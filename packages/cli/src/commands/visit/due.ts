import { ClaimBook, dueList } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, gridFlag } from '../../flags.ts'
import { recordsOfGrid } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { dueJson } from '../../voice/json.ts'
import { authored } from '../../voice/sweep-text.ts'
import { dueText } from '../../voice/visit-text.ts'

export default class VisitDue extends DoorstepCommand {
  static override description = '该去看谁 · Who is to be visited'
  static override flags = {
    on: dayFlag({ description: '哪一天,默认今天 · on which day, today if not given' }),
    grid: gridFlag(),
    ahead: Flags.integer({
      default: 0,
      min: 0,
      description: '也看几天内到期的 · also what falls due within so many days',
    }),
    latest: Flags.boolean({ description: '逾期久的在前,不按走的顺序 · the most overdue first' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(VisitDue)
    const station = await this.open(flags)
    const { set, grid } = this.must(recordsOfGrid(station, flags.grid))
    const on = flags.on ?? todayOf(station, this.language).today
    const due = dueList(set, {
      on,
      order: flags.latest ? 'overdue' : 'walking',
      aheadDays: flags.ahead,
      language: this.language,
      ...(grid ? { grid: grid.space } : {}),
    })
    const book = new ClaimBook(set, on)
    const claims = (household: string) => book.shownAt(household)
    this.print(dueText(due, claims, this.language))
    return {
      due: due.map((one) => ({
        ...dueJson(one, this.language),
        claims: claims(one.household).map(authored),
      })),
    }
  }
}
