import { improveAlarm, recordTypes } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { shortId } from '../../voice/value-text.ts'

const WAYS = ['leave', 'threshold', 'repair'] as const
const SAID_BY = recordTypes.leave.fields.saidBy.choices

export default class AlarmImprove extends DoorstepCommand {
  static override description =
    '误报之后:记外出报备、给这台设备放宽规则,或报修 · After false alarms: note a leave, looser limits for this device, or a repair'
  static override examples = [
    'doorstep alarm improve al-7f2 --by leave --until 2026-12-01',
    'doorstep alarm improve al-7f2 --by threshold',
  ]
  static override args = { ID: idArg('报警编号 · id of the alarm') }
  static override flags = {
    by: Flags.string({ required: true, options: [...WAYS], description: '怎么改进 · what to do' }),
    until: dayFlag({ description: '外出到哪天(含)· the last day away' }),
    'said-by': Flags.string({
      options: Object.keys(SAID_BY),
      description: '外出是谁说的,不写是网格员 · who said so; a worker when not given',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AlarmImprove)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'alarm', args.ID, this.language))
    const saidBy = flags['said-by'] as keyof typeof SAID_BY | undefined
    const improved = this.must(
      await improveAlarm(station, {
        alarm: id,
        do: WAYS.find((one) => one === flags.by)!,
        ...(flags.until === undefined ? {} : { until: flags.until }),
        ...(saidBy === undefined ? {} : { saidBy }),
      }),
    )
    const written = shortId(improved.record)
    this.print(
      this.words(
        {
          leave: [`已报备:${written}`, `Leave noted: ${written}`] as const,
          threshold: [`已放宽:设备 ${written}`, `Looser limits hold for device ${written}`] as const,
          repair: [`已开案:${written}`, `Case opened: ${written}`] as const,
        }[improved.did],
      ),
    )
    return improved
  }
}
