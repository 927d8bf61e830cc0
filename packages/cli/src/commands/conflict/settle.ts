import {
  fail,
  listConflicts,
  ok,
  openRecordSet,
  type Result,
  settleConflict,
  type Value,
} from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickConflict } from '../../station/pick-record.ts'
import { parseField } from '../../station/typed-fields.ts'

export default class ConflictSettle extends DoorstepCommand {
  static override description = '定下来用哪一个 · Decide between two values'
  static override examples = [
    'doorstep conflict settle hh-7f2 phone --choice 2',
    'doorstep conflict settle hh-7f2 mind --value 有小狗',
  ]
  static override args = {
    RECORD: idArg('记录编号 · id of the record'),
    FIELD: Args.string({ required: true, ignoreStdin: true, description: '字段 · which field' }),
  }
  static override flags = {
    value: Flags.string({
      helpValue: 'TEXT|@-',
      exactlyOne: ['value', 'choice'],
      description: '用这个值;空值清除 · this value; empty clears',
    }),
    choice: Flags.integer({ min: 1, description: '用所列的第几个 · the one of this number in the list' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ConflictSettle)
    const text = flags.value === undefined ? undefined : this.must(await new GivenText().value(flags.value))
    const station = await this.open(flags)
    const { id, type } = this.must(pickConflict(station, args.RECORD, this.language))
    const { field, value } = this.must(parseField(type, args.FIELD, text ?? ''))
    const decision = (): Result<{ value: Value } | { write: string }> => {
      if (text !== undefined) return ok({ value })
      const set = openRecordSet(station, { follow: false })
      const row = listConflicts(set, { record: id }).find((one) => one.field === field)
      if (!row) return fail({ type: 'no-conflict', record: id, field })
      const chosen = row.values[(flags.choice ?? 0) - 1]
      return chosen ? ok({ write: chosen.write }) : fail({ type: 'no-such-write', record: id, field })
    }
    const settled = this.must(await settleConflict(station, { record: id, field, ...this.must(decision()) }))
    this.print(this.words(['定下来了。', 'Settled.']))
    return settled
  }
}
