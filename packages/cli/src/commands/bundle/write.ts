import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { exportBundle } from '../../station/write-bundle.ts'
import { Progress } from '../../voice/progress.ts'

export default class BundleWrite extends DoorstepCommand {
  static override description = '把这里有的写成一个文件带走 · Write what is here to a file to carry'
  static override args = { file: Args.string({ required: true }) }
  static override flags = {
    for: Flags.string({ description: '只写这个站点缺的 · only what this station lacks' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(BundleWrite)
    const station = await this.open(flags)
    const progress = new Progress(this.words(['写入', 'Writing']))
    const written = this.must(
      await exportBundle(station, args.file, {
        ...(flags.for ? { forStation: flags.for } : {}),
        onProgress: ({ entries, ofEntries }) => progress.show(entries, ofEntries),
      }),
    )
    progress.end()
    this.print(
      this.words([
        `已写入 ${args.file}:${written.entries} 条,${written.bytes} 字节。带到另一台机器上:\n  doorstep bundle read ${args.file}`,
        `Wrote ${args.file}: ${written.entries} entries, ${written.bytes} bytes. On the other machine:\n  doorstep bundle read ${args.file}`,
      ]),
    )
    if (written.noted === null)
      this.tell([
        '这台站点不能写,所以这次导出没有记进日志。',
        'This station may not write, so this export is not in the log.',
      ])
    return written
  }
}
