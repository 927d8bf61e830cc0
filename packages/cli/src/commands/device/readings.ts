import { openRecordSet, openSeries, signals } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg, wrongUse } from '../../flags.ts'
import { type ReadingStep, readingSteps, readingsOf } from '../../station/device-readings.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { readingsText } from '../../voice/readings-text.ts'

export default class DeviceReadings extends DoorstepCommand {
  static override description =
    '一台设备的读数:每天、每小时用了多少,或原样 · Readings of a device: its use by days or hours, or as they came'
  static override args = { DEVICE: idArg('设备编号 · id of the device') }
  static override flags = {
    signal: Flags.string({
      options: Object.keys(signals),
      description: '哪一种读数 · which of its readings',
    }),
    from: dayFlag({ description: '从哪天起 · the first day' }),
    until: dayFlag({ description: '到哪天为止 · the last day' }),
    step: Flags.string({
      options: [...readingSteps],
      default: 'day',
      description: '每步多长 · how long a step is',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceReadings)
    if (flags.from !== undefined && flags.until !== undefined && flags.until < flags.from)
      wrongUse('--until 早于 --from', '--until lies before --from')
    const station = await this.open(flags)
    const device = this.must(pickRecord(station, 'device', args.DEVICE, this.language))
    const series = this.must(openSeries(station, { mustExist: true }))
    try {
      const set = openRecordSet(station, { follow: false })
      const found = this.must(
        readingsOf(set, series, {
          device: set.getA('device', device.id) ?? device,
          nowMs: station.now,
          step: flags.step as ReadingStep,
          ...(flags.signal === undefined ? {} : { signal: flags.signal }),
          ...(flags.from === undefined ? {} : { from: flags.from }),
          ...(flags.until === undefined ? {} : { until: flags.until }),
        }),
      )
      this.print(readingsText(found, this.language))
      return found
    } finally {
      await series.close()
    }
  }
}
