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
    const held = dated(station.quarantine().held)
    const refused = dated(station.quarantine().refused)
    const { carried } = station.quarantine()
    this.print(
      held.length + refused.length === 0
        ? this.words(['没有扣下或拒收的东西。', 'Nothing is held or refused.'])
        : table(
            [
              'id',
              this.words(['来自', 'From']),
              this.words(['原因', 'Reason']),
              this.words(['何时', 'Since']),
            ],
            [...held, ...refused].map((item) => [
              item.id,
              stationName(station, item.from),
              item.reason,
              item.since,
            ]),
          ),
    )
    for (const { from, seq, letInBy } of carried)
      this.print(
        this.words([
          `${stationName(station, from)} 的条目(到第 ${seq} 条)由 ${letInBy ? stationName(station, letInBy.station) : '某台机器'} 带进来算数。`,
          `Entries of ${stationName(station, from)} (up to ${seq}) count because ${letInBy ? stationName(station, letInBy.station) : 'some station'} let them in.`,
        ]),
      )
    return { held, refused, carried }
  }
}
