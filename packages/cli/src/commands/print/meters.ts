import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { printHomeSheet } from '../../station/print-home-sheet.ts'
import { paperFile, printedWords, printFlags } from '../../station/printing.ts'
import { sendToPrinter } from '../../station/send-to-printer.ts'

export default class PrintMeters extends DoorstepCommand {
  static override description =
    '给住户:用水、用电、用气,大字 · For the resident: water, power and gas, in large type'
  static override examples = ['doorstep print meters 1-2-301 --to 1-2-301.pdf']
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    printer: Flags.boolean({ description: '写好后送打印机(lp 或 lpr)· then send it to the printer' }),
    ...printFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PrintMeters)
    const station = await this.open(flags)
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const printed = this.must(
      await printHomeSheet(station, household, {
        language: this.language,
        size: flags.size,
        file: paperFile(flags.to, `${household.id}-meters.pdf`),
      }),
    )
    this.print(this.words(printedWords(printed)))
    const sent = flags.printer ? this.must(sendToPrinter(printed.file)) : null
    if (sent) this.print(this.words(['已送打印机。', 'Sent to the printer.']))
    return { household: household.id, printer: sent?.program ?? null, ...printed }
  }
}
