import { DoorstepCommand } from '../../base-command.ts'
import { stationName } from '../../station/names.ts'
import { table } from '../../voice/table.ts'

export default class QuarantineList extends DoorstepCommand {
  static override description = '扣下待看的和拒收的 · What is held or was refused, and why'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(QuarantineList)
    const station = await this.open(flags)
    const dated = <T extends { since: number }>(items: readonly T[]) =>
      items.map((item) => ({ ...item, since: new Date(item.since).toISOString() }))
    const quarantine = station.quarantine()
    const { carried, announced } = quarantine
    const held = dated(quarantine.held)
    const refused = dated(quarantine.refused)
    const stripped = dated(quarantine.stripped)
    this.print(
      held.length + refused.length + stripped.length === 0
        ? this.words(['没有扣下或拒收的东西。', 'Nothing is held or refused.'])
        : table(
            [
              'id',
              this.words(['来自', 'From']),
              this.words(['原因', 'Reason']),
              this.words(['何时', 'Since']),
            ],
            [...held, ...refused, ...stripped].map((item) => [
              item.id,
              stationName(station, item.from),
              item.reason,
              item.since,
            ]),
          ),
    )
    for (const { id, parts } of announced)
      this.print(
        this.words([
          `删除 ${id} 只是预告或被扣下,涉及 ${parts} 处内容,还没有算数。`,
          `The erasure ${id} was announced or is held, names ${parts} parts, and does not count yet.`,
        ]),
      )
    for (const { from, seq, letInBy } of carried)
      this.print(
        this.words([
          `${stationName(station, from)} 的条目(到第 ${seq} 条)由 ${letInBy ? stationName(station, letInBy.station) : '某台机器'} 带进来算数。`,
          `Entries of ${stationName(station, from)} (up to ${seq}) count because ${letInBy ? stationName(station, letInBy.station) : 'some station'} let them in.`,
        ]),
      )
    return { held, refused, carried, stripped, announced }
  }
}
