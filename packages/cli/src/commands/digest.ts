import { DoorstepCommand } from '../base-command.ts'
import { spacesOf } from '../station/names.ts'
import { shortDigest } from '../voice/digest.ts'
import { table } from '../voice/table.ts'

export default class Digest extends DoorstepCommand {
  static override description = '每个空间持有的条数与摘要 · What is held of each space, and its digest'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Digest)
    const station = await this.open(flags)
    const spaces = spacesOf(station).map(({ name, kind, id }) => ({ name, kind, ...station.digest(id) }))
    this.print(
      table(
        [
          this.words(['空间', 'Space']),
          this.words(['条', 'Entries']),
          this.words(['条目摘要', 'Entries digest']),
          this.words(['记录摘要', 'Records digest']),
        ],
        spaces.map((space) => [
          space.name,
          String(space.entries),
          shortDigest(space.digest),
          shortDigest(space.recordsDigest),
        ]),
      ),
    )
    return { spaces }
  }
}
