import { existsSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fail, importExported, importRegister, parseMappingText, proposeMapping } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand, readBytes } from '../base-command.ts'
import { idArg, parsePairs, wrongUse } from '../flags.ts'
import { abortWhenInterrupted } from '../station/abort-when-interrupted.ts'
import { writeFileOnce } from '../station/write-file.ts'
import { importText, proposedText } from '../voice/import-text.ts'
import { Progress } from '../voice/progress.ts'

export default class Import extends DoorstepCommand {
  static override description = '导入登记表 · Bring in a register'
  static override examples = [
    'doorstep import 登记表.csv --mapping 对照.json',
    'doorstep import 登记表.xlsx --make-mapping 对照.json',
    'doorstep import 登记表.xlsx --mapping 对照.json --sheet 一号楼',
    'doorstep import 导出的登记表.xlsx',
    'doorstep import blocks.csv --mapping blocks.mapping.json --split 500 --dry-run',
  ]
  static override args = {
    FILE: idArg('登记表(CSV 或 .xlsx),或导出后改过的表 · the register, or a table that was exported'),
  }
  static override flags = {
    mapping: Flags.string({
      description:
        '对照文件:哪一列是什么;导出的表不用 · what each column means; an exported table needs none',
    }),
    'make-mapping': Flags.string({
      helpValue: 'FILE',
      exclusive: ['mapping', 'grid', 'split', 'where', 'dry-run'],
      description: '照表头拟一份对照文件,不导入 · write a mapping proposed from the headers; imports nothing',
    }),
    sheet: Flags.string({ description: '工作簿里的哪张表 · which sheet of the workbook' }),
    'hidden-rows': Flags.boolean({ description: '隐藏的行也收 · take hidden rows too' }),
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
    const { sheet } = flags
    const file = this.must(readBytes(args.FILE))
    if (flags['make-mapping'] !== undefined)
      return this.#propose(file, args.FILE, flags['make-mapping'], sheet)
    const where = parsePairs('--where', flags.where ?? [])
    const mapping =
      flags.mapping === undefined
        ? null
        : this.must(parseMappingText(this.must(readBytes(flags.mapping)).toString('utf8')))
    if (!mapping && (flags.grid !== undefined || flags.split !== undefined || flags.where !== undefined))
      wrongUse(
        '--grid、--split、--where 要和 --mapping 一起用',
        '--grid, --split and --where go with --mapping',
      )
    const station = await this.open(flags)
    const progress = new Progress(this.words(['导入', 'Importing']))
    using interrupted = abortWhenInterrupted()
    const common = {
      file,
      ...(sheet === undefined ? {} : { sheet }),
      hiddenRows: flags['hidden-rows'],
      dryRun: flags['dry-run'],
      signal: interrupted.signal,
      onProgress: ({ done, total, grid }: { done: number; total: number; grid: string }) =>
        progress.show(done, total, ` ${grid}`),
    }
    const imported = mapping
      ? await importRegister(station, {
          ...common,
          mapping,
          where,
          ...(flags.grid === undefined ? {} : { grid: flags.grid }),
          ...(flags.split === undefined ? {} : { split: flags.split }),
        })
      : await importExported(station, common)
    progress.end()
    const report = this.must(imported)
    this.print(importText(report, flags['dry-run'], this.language))
    return { ...report, dryRun: flags['dry-run'] }
  }

  /** Needs no home: a clerk prepares it before there is one. */
  async #propose(file: Buffer, name: string, to: string, sheet: string | undefined): Promise<unknown> {
    if (existsSync(to)) this.must(fail({ type: 'export-exists', file: to }))
    const proposed = this.must(await proposeMapping(file, basename(name, extname(name)), sheet))
    this.must(writeFileOnce(to, `${JSON.stringify(proposed.mapping, null, 2)}\n`))
    this.print(proposedText(proposed, to, name, this.language))
    return { mapping: to, headerRow: proposed.headerRow, columns: proposed.columns }
  }
}
