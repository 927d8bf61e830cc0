import { caseCard, caseStates, isCaseState, listCases, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { casesText } from '../../voice/case-text.ts'
import { caseJson } from '../../voice/json.ts'

export default class CaseList extends DoorstepCommand {
  static override description = '案件,最急的在前 · Cases, the most pressing first'
  static override flags = {
    state: Flags.string({ options: Object.keys(caseStates), description: '只看这个状态 · in this state' }),
    open: Flags.boolean({ description: '只看未结的 · open ones' }),
    awaiting: Flags.boolean({ description: '只看等站长批的 · those that wait for a chief' }),
    overdue: Flags.boolean({ description: '只看逾期未结的 · open and past their limit' }),
    household: Flags.string({ description: '只看这一户(编号或门牌)· of this household, by id or door' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CaseList)
    const station = await this.open(flags)
    const household =
      flags.household === undefined
        ? null
        : this.must(pickRecord(station, 'household', flags.household, this.language))
    const set = openRecordSet(station, { follow: false })
    const options = {
      on: todayOf(station, this.language).today,
      nowMs: station.now,
      language: this.language,
    }
    const rows = listCases(set, {
      ...options,
      overdue: flags.overdue,
      awaiting: flags.awaiting,
      ...(flags.open ? { open: true } : {}),
      ...(isCaseState(flags.state) ? { state: flags.state } : {}),
      ...(household ? { household: household.id } : {}),
    })
    this.print(casesText(rows, this.language))
    return { cases: rows.flatMap((row) => caseCard(set, row.id, options) ?? []).map(caseJson) }
  }
}
