import { importRegister, parseMappingText } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../base-command.ts'
import { idArg, parsePairs } from '../flags.ts'
import { abortWhenInterrupted } from '../station/abort-when-interrupted.ts'
import { importText } from '../voice/import-text.ts'
import { Progress } from '../voice/progress.ts'

export default class Import extends DoorstepCommand {
  static override description = '导入登记表 · Bring in a register'
  static override examples = [
    'doorstep import 登记表.csv --mapping 对照.json',
    'doorstep import blocks.csv --mapping blocks.mapping.json --split 500 --dry-run',
  ]
  static override args = { FILE: idArg('登记表(CSV)· the register') }
  static override flags = {
    mapping: Flags.string({ required: true, description: '对照文件:哪一列是什么 · what each column means' }),
    grid: Flags.string({
      exclusive: ['split'],
      description: '导入到这个网格(名称或编号)· into this grid, by name or id',
    }),
    split: Flags.integer({
      min: 1,
      description: '分成若干网格,每个最多几户 · make grids of at most so many',
    }),
    where: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'COLUMN=VALUE',
      description: '只要这一列是这个值的行 · only rows with this in that column',
    }),
    'dry-run': Flags.boolean({ description: '只看不写 · write nothing, say what would happen' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Import)
    const where = parsePairs('--where', flags.where ?? [])
    const file = this.must(readBytes(args.FILE))
    const mapping = this.must(parseMappingText(this.must(readBytes(flags.mapping)).toString('utf8')))
    const station = await this.open(flags)
    const progress = new Progress(this.words(['导入', 'Importing']))
    using interrupted = abortWhenInterrupted()
    const imported = await importRegister(station, {
      file,
      mapping,
      where,
      ...(flags.grid === undefined ? {} : { grid: flags.grid }),
      ...(flags.split === undefined ? {} : { split: flags.split }),
      dryRun: flags['dry-run'],
      signal: interrupted.signal,
      onProgress: ({ done, total, grid }) => progress.show(done, total, ` ${grid}`),
    })
    progress.end()
    const report = this.must(imported)
    this.print(importText(report, flags['dry-run'], this.language))
    return { ...report, dryRun: flags['dry-run'] }
  }
}
