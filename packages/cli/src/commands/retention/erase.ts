import { eraseRecords, fail } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickAnyRecord } from '../../station/pick-record.ts'
import { erasedText, erasingText } from '../../voice/erasure-text.ts'
import { askYes } from '../../voice/prompt.ts'

export default class RetentionErase extends DoorstepCommand {
  static override description =
    '把记录永久删除,凡以后同步到的地方都删 · Erase records for good, wherever this is heard of'
  static override examples = ['doorstep retention erase pe-7f2 re-19c --reason left-community']
  static override strict = false
  static override args = {
    RECORD: Args.string({
      required: true,
      ignoreStdin: true,
      description: '记录编号,可多个 · ids of records',
    }),
  }
  static override flags = {
    reason: Flags.string({
      required: true,
      helpValue: 'TEXT|@-',
      description: '原因,不写人名,会永久保留 · why, without names: it is kept for ever',
    }),
    yes: Flags.boolean({ description: '不再询问 · do not ask' }),
  }

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(RetentionErase)
    const reason = this.must(await new GivenText().value(flags.reason))
    if (reason.trim() === '') wrongUse('--reason 不能为空', '--reason must not be empty')
    const station = await this.open(flags)
    const records = (argv as string[]).map((text) => this.must(pickAnyRecord(station, text, this.language)))
    if (!flags.yes) {
      if (!this.onTerminal) this.must(fail({ type: 'confirmation-needed' }))
      process.stderr.write(`${erasingText(station, records, this.language)}\n`)
      if (!(await askYes(this.language, ['永久删除?', 'Erase for good?'])))
        this.must(fail({ type: 'interrupted' }))
    }
    const erasure = this.must(
      await eraseRecords(
        station,
        records.map(({ id }) => id),
        { reason },
      ),
    )
    this.print(erasedText(station, erasure, this.language))
    return {
      erased: erasure.erased.map(({ record, parts }) => ({ record, parts })),
      entries: erasure.entries.map(({ space, log, seq }) => ({ space, log, seq })),
      notReached: erasure.notReached.map((one) =>
        one.type === 'station'
          ? { ...one, metAt: one.metAt === null ? null : new Date(one.metAt).toISOString() }
          : one,
      ),
    }
  }
}
