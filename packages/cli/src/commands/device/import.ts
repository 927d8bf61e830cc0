import {
  addDays,
  fail,
  importReadings,
  mayAct,
  openSeries,
  parseReadingsMapping,
  stationCalendar,
  summariseDay,
} from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { fileChunks } from '../../station/file-chunks.ts'
import { Progress } from '../../voice/progress.ts'
import { readingsImportText } from '../../voice/readings-import-text.ts'

const KB = 1000

export default class DeviceImport extends DoorstepCommand {
  static override description =
    '导入水电气公司导出的读数 · Bring in the readings that a utility exported of its meters'
  static override examples = [
    'doorstep device import 水表.csv --mapping 水表对照.json --dry-run',
    'doorstep device import export.csv.gz --mapping water.mapping.json --summaries 31',
  ]
  static override args = {
    FILE: idArg('导出的文件(CSV、.csv.gz 或 .xlsx)· the export, a CSV (.gz too) or an .xlsx'),
  }
  static override flags = {
    mapping: Flags.string({ required: true, description: '对照文件:哪一列是什么 · what each column means' }),
    sheet: Flags.string({ description: '工作簿里的哪张表 · which sheet of the workbook' }),
    summaries: Flags.integer({
      min: 1,
      max: 400,
      helpValue: 'DAYS',
      exclusive: ['dry-run'],
      description:
        '再把最近几天的每日小结写到设备记录上 · also write the summaries of the last days onto the devices',
    }),
    'dry-run': Flags.boolean({ description: '只看不写 · write nothing, say what would happen' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceImport)
    const station = await this.open(flags)
    const mapping = this.must(parseReadingsMapping(this.must(readBytes(flags.mapping)).toString('utf8')))
    const file = this.must(fileChunks(args.FILE))
    const role = station.member()?.role
    if (!role || !mayAct(role, 'device.read'))
      this.must(fail({ type: 'role-may-not', role: role ?? '', action: 'device.read' }))
    const series = this.must(openSeries(station))
    try {
      const progress = new Progress(this.words(['导入', 'Importing']))
      using interrupted = abortWhenInterrupted()
      const imported = await importReadings(station, series, {
        chunks: file.chunks,
        mapping,
        ...(flags.sheet === undefined ? {} : { sheet: flags.sheet }),
        dryRun: flags['dry-run'],
        signal: interrupted.signal,
        onProgress: (rows) =>
          progress.show(
            Math.round(file.done() / KB),
            Math.round(file.bytes / KB),
            this.words([` kB,${rows} 行`, ` kB, ${rows} rows`]),
          ),
      })
      progress.end()
      const report = this.must(imported)
      const calendar = stationCalendar(station)
      let summarised = 0
      if (report.until !== null && flags.summaries !== undefined) {
        const last = calendar.dayOf(Date.parse(report.until))
        for (let back = flags.summaries - 1; back >= 0; back--)
          summarised += this.must(await summariseDay(station, series, addDays(last, -back))).written.length
      }
      const whole = { ...report, summarised, dryRun: flags['dry-run'] }
      this.print(readingsImportText(whole, calendar.timeZone, this.language))
      return whole
    } finally {
      await series.close()
    }
  }
}
