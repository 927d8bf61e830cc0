import { openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { NOTICE_KINDS } from '../../paper/notice-paper.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { printNotice } from '../../station/print-notice.ts'
import { paperFile, printedWords, printFlags } from '../../station/printing.ts'
import { sendToPrinter } from '../../station/send-to-printer.ts'

export default class PrintNotice extends DoorstepCommand {
  static override description =
    '门口通知:无人应答、检查结果、上门时间 · A notice for the door: nobody home, result of an inspection, appointment'
  static override examples = [
    'doorstep print notice 1-2-301 --kind absent --to 1-2-301.pdf',
    'doorstep print notice 1-2-301 --kind appointment --on 2026-11-28 --at 14:30 --printer',
  ]
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    kind: Flags.option({ options: NOTICE_KINDS })({ required: true, description: '哪一种 · which one' }),
    on: dayFlag({ description: '哪天来过,或哪天来;默认今天 · the day of the visit, or of the appointment' }),
    at: Flags.string({ helpValue: '14:30', description: '几点 · at what time' }),
    printer: Flags.boolean({ description: '写好后送打印机(lp 或 lpr)· then send it to the printer' }),
    ...printFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PrintNotice)
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const printed = this.must(
      await printNotice(station, set, {
        household: id,
        kind: flags.kind,
        language: this.language,
        size: flags.size,
        file: paperFile(flags.to, `${id}-${flags.kind}.pdf`),
        ...(flags.on === undefined ? {} : { on: flags.on }),
        ...(flags.at === undefined ? {} : { at: flags.at }),
      }),
    )
    this.print(this.words(printedWords(printed)))
    const sent = flags.printer ? this.must(sendToPrinter(printed.file)) : null
    if (sent) this.print(this.words(['已送打印机。', 'Sent to the printer.']))
    return { household: id, kind: flags.kind, printer: sent?.program ?? null, ...printed }
  }
}
