import { reveal, revealReasons } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { idArg } from '../flags.ts'
import { GivenText } from '../station/given-text.ts'
import { pickAnyRecord } from '../station/pick-record.ts'
import { fieldNamed } from '../station/typed-fields.ts'
import { isoTime } from '../voice/time.ts'
import { valueText } from '../voice/value-text.ts'

export default class Reveal extends DoorstepCommand {
  static override description =
    '看打了星号的内容;谁看、为何看,先记下再给看 · Look behind a mask; who and why is written down first'
  static override examples = [
    'doorstep reveal 1-2-301 phone --reason emergency',
    'doorstep reveal pe-7f2 idNumber --reason 核对身份',
  ]
  static override args = {
    RECORD: idArg('记录编号,或门牌 1-2-301 · id of the record, or the door'),
    FIELD: Args.string({ required: true, ignoreStdin: true, description: '字段 · which field' }),
  }
  static override flags = {
    reason: Flags.string({
      required: true,
      helpValue: 'TEXT|@-',
      description: `原因,自己写或用 · why, in words or one of: ${Object.keys(revealReasons).join(', ')}`,
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Reveal)
    const reason = this.must(await new GivenText().value(flags.reason))
    const station = await this.open(flags)
    const { id, type } = this.must(pickAnyRecord(station, args.RECORD, this.language))
    const name = this.must(fieldNamed(type, args.FIELD))
    const { revealed, ...seen } = this.must(await reveal(station, id, name, reason))
    for (const value of seen.values ?? [seen.value]) this.print(valueText(type, name, value, this.language))
    this.tell([
      '已记下您看过,以及原因;内容不在记录里。',
      'It is written down that you looked, and why; what you saw is not.',
    ])
    return { ...seen, revealed: { entry: revealed.entry, at: isoTime(revealed.atMs) } }
  }
}
