import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { sheetOf } from '../../station/home-sheet.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { homeSheetText } from '../../voice/home-sheet-text.ts'
import { isoTime } from '../../voice/time.ts'

export default class DeviceSheet extends DoorstepCommand {
  static override description =
    '一户的水、电、气:今天、近 30 天、和自己比、和差不多的人家比 · A home’s water, power and gas: today, 30 days, beside its past and beside similar homes'
  static override examples = [
    'doorstep device sheet 1-2-301',
    'doorstep print meters 1-2-301 --to 1-2-301.pdf',
  ]
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    'screen-reader': Flags.boolean({
      default: process.env.INK_SCREEN_READER === 'true',
      description: '给读屏软件:不画图,只用话说 · for a screen reader: words instead of charts',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceSheet)
    const station = await this.open(flags)
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const { sheet, frame } = this.must(await sheetOf(station, household, this.language))
    const columns = process.stdout.columns ?? 80
    const spoken = flags['screen-reader'] || process.stdout.isTTY !== true
    this.print(homeSheetText(sheet, frame, { columns, spoken }))
    return {
      ...sheet,
      meters: sheet.meters.map(({ today, ...meter }) => ({
        ...meter,
        today: today && { use: today.use, until: isoTime(today.untilMs) },
      })),
      alarms: sheet.alarms.map(({ sinceMs, raisedAtMs, rule, ...alarm }) => ({
        ...alarm,
        rule: rule.id,
        since: isoTime(sinceMs),
        raisedAt: isoTime(raisedAtMs),
      })),
    }
  }
}
