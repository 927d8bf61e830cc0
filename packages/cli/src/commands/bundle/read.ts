import { readBundle } from '@doorstep/sync'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { stationName } from '../../station/names.ts'
import { bytesText } from '../../voice/bytes.ts'
import { plural } from '../../voice/language.ts'
import { Progress } from '../../voice/progress.ts'

export default class BundleRead extends DoorstepCommand {
  static override description = '读入带来的文件,读几遍都一样 · Read a carried file; twice does no harm'
  static override args = { file: Args.string({ required: true }) }
  static override flags = {
    salvage: Flags.boolean({
      description: '文件损坏时只取完好的部分 · take what is intact of a damaged file',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(BundleRead)
    const station = await this.open(flags)
    const progress = new Progress(this.words(['读入', 'Reading']))
    const read = this.must(
      await readBundle(station, args.file, {
        salvage: flags.salvage,
        onProgress: ({ bytes, ofBytes }) => progress.show(bytes, ofBytes, ' B'),
      }),
    )
    progress.end()
    await this.retireIfRemoved(station)
    const from = stationName(station, read.from)
    const proved = read.spaces.every(({ equal }) => equal)
    this.print(
      this.words([
        `来自 ${from}:新收 ${read.admitted} 条,已有 ${read.known} 条,扣下 ${read.held} 条,拒收 ${read.refused.length} 条,缺前文 ${read.missing} 段。${proved ? '与写出时完全一致。' : ''}`,
        `From ${from}: ${read.admitted} new, ${read.known} known, ${read.held} held, ${read.refused.length} refused, ${plural(read.missing, 'segment')} without their past.${proved ? ' Same as the writer held.' : ''}`,
      ]),
    )
    if (read.blobs.received + read.blobs.receivedBytes > 0)
      this.print(
        this.words([
          `照片和录音(原件和预览):收齐 ${read.blobs.received} 份,${bytesText(read.blobs.receivedBytes)}`,
          `Photos and recordings: ${plural(read.blobs.received, 'file')} whole (originals and previews), ${bytesText(read.blobs.receivedBytes)}`,
        ]),
      )
    if (read.stripped > 0)
      this.tell([
        `有 ${read.stripped} 段缺了内容,又没有删除为证,没有收:请从别的机器再带一份。`,
        `Not taken, for a part is gone that no erasure accounts for: ${plural(read.stripped, 'segment')}. Bring them from another station.`,
      ])
    if (read.aside > 0)
      this.tell([
        `另有 ${read.aside} 段封好的替别人收着(doorstep sync carry),不算本机的。`,
        `Kept for others, and not this machine's (doorstep sync carry): ${plural(read.aside, 'sealed segment')}.`,
      ])
    if (read.asideFull > 0)
      this.tell([
        `还有 ${read.asideFull} 段要带,放不下了:doorstep sync carry on --most 128MB`,
        `No room to carry ${plural(read.asideFull, 'more segment')}: doorstep sync carry on --most 128MB`,
      ])
    return { ...read, writtenAt: new Date(read.writtenAt).toISOString() }
  }
}
