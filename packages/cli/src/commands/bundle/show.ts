import { showBundle } from '@doorstep/sync'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { shortDigest } from '../../voice/digest.ts'
import { table } from '../../voice/table.ts'

export default class BundleShow extends DoorstepCommand {
  static override description = '数据包里有什么(不需要口令)· What a bundle holds (needs no passphrase)'
  static override args = { file: Args.string({ required: true }) }

  async run(): Promise<unknown> {
    const { args } = await this.parse(BundleShow)
    const { manifest, bytes, segments, damage } = this.must(showBundle(args.file))
    const spaces = manifest.spaces.map(({ id, entries, digest }) => ({ id, entries, digest }))
    this.print(
      table(
        [this.words(['空间', 'Space']), this.words(['条', 'Entries']), this.words(['摘要', 'Digest'])],
        spaces.map((space) => [space.id, String(space.entries), shortDigest(space.digest)]),
      ),
    )
    if (damage) this.tell(['这个文件不完整或被改动过。', 'This file is cut short or was altered.'])
    return {
      community: manifest.community,
      from: manifest.station,
      writtenAt: new Date(manifest.at).toISOString(),
      bytes,
      segments,
      damaged: damage,
      spaces,
    }
  }
}
