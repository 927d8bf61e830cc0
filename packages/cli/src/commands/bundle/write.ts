import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { sizeFlag } from '../../flags.ts'
import { exportBundle } from '../../station/write-bundle.ts'
import { bytesText } from '../../voice/bytes.ts'
import { plural } from '../../voice/language.ts'
import { Progress } from '../../voice/progress.ts'

export default class BundleWrite extends DoorstepCommand {
  static override description = '把这里有的写成一个文件带走 · Write what is here to a file to carry'
  static override args = { file: Args.string({ required: true }) }
  static override flags = {
    for: Flags.string({ description: '只写这个站点缺的 · only what this station lacks' }),
    photos: Flags.option({ options: ['none', 'previews', 'all'] as const, default: 'none' as const })({
      description: '照片和录音:不带,只带预览,都带 · photos and recordings: none, previews, all',
    }),
    'photos-most': sizeFlag({
      description: '照片和录音最多带多少 · at most so much of photos and recordings',
    }),
    continue: Flags.boolean({
      description: '接着上一个带照片的文件 · go on where the last file with photos ended',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(BundleWrite)
    const maxBlobBytes = flags['photos-most']
    const station = await this.open(flags)
    const progress = new Progress(this.words(['写入', 'Writing']))
    const written = this.must(
      await exportBundle(station, args.file, {
        ...(flags.for ? { forStation: flags.for } : {}),
        ...(flags.photos === 'none' ? {} : { blobs: flags.photos, goesOn: flags.continue }),
        ...(maxBlobBytes === undefined ? {} : { maxBlobBytes }),
        onProgress: ({ entries, ofEntries }) => progress.show(entries, ofEntries),
      }),
    )
    progress.end()
    this.print(
      this.words([
        `已写入 ${args.file}:${written.entries} 条,${bytesText(written.bytes)}。带到另一台机器上:\n  doorstep bundle read ${args.file}`,
        `Wrote ${args.file}: ${plural(written.entries, 'entry', 'entries')}, ${bytesText(written.bytes)}. On the other machine:\n  doorstep bundle read ${args.file}`,
      ]),
    )
    if (written.blobs)
      this.print(
        this.words([
          `照片和录音(原件和预览):${written.blobs.count} 份,${bytesText(written.blobs.bytes)}${written.blobs.left > 0 ? `;还有 ${written.blobs.left} 份没装下,下一个文件加 --continue` : ''}`,
          `Photos and recordings: ${plural(written.blobs.count, 'file')} (originals and previews), ${bytesText(written.blobs.bytes)}${written.blobs.left > 0 ? `; ${written.blobs.left} did not fit, write the next bundle with --continue` : ''}`,
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
