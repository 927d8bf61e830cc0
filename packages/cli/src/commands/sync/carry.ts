import { carryStatus, DEFAULT_CARRY_BYTES, setCarry } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { sizeFlag } from '../../flags.ts'
import { spaceName } from '../../station/names.ts'
import { bytesText } from '../../voice/bytes.ts'
import { table } from '../../voice/table.ts'

export default class SyncCarry extends DoorstepCommand {
  static override description =
    '替别的网格带封好的数据,自己打不开 · Carry sealed entries of other grids, which stay closed to you'
  static override args = {
    what: Args.string({ options: ['on', 'off', 'status'], default: 'status' }),
  }
  static override flags = {
    most: sizeFlag({ description: '最多占多少 · at most this much' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SyncCarry)
    const station = await this.open(flags)
    if (args.what !== 'status') {
      const before = carryStatus(station)
      const room = flags.most ?? (before.isOn ? before.budgetBytes : DEFAULT_CARRY_BYTES)
      this.must(setCarry(station, args.what === 'on' ? room : null))
    }
    const { spaces, ...status } = carryStatus(station)
    const named = spaces.map((one) => ({
      ...one,
      name: spaceName(station, one.space),
      since: one.since === null ? null : new Date(one.since).toISOString(),
    }))
    this.print(this.words(headline(status)))
    if (named.length > 0)
      this.print(
        table(
          [
            this.words(['替谁带', 'Carried for']),
            this.words(['条', 'Entries']),
            this.words(['大小', 'Size']),
            this.words(['还没送到任何一台的条数', 'Entries delivered to nobody yet']),
          ],
          named.map(({ name, entries, bytes, undelivered }) => [
            name,
            String(entries),
            bytesText(bytes),
            String(undelivered),
          ]),
        ),
      )
    if (status.isOn)
      this.print(
        this.words([
          '带的都是封好的,这台机器打不开,也不算这台机器已同步的内容。不想带了:doorstep sync carry off',
          'All of it is sealed: this machine cannot open it, and it is never part of what this machine says is synced. To stop: doorstep sync carry off',
        ]),
      )
    return { ...status, spaces: named }
  }
}

function headline(status: { isOn: boolean; usedBytes: number; budgetBytes: number }) {
  if (!status.isOn)
    return [
      '没有替别的网格带数据。要带:doorstep sync carry on',
      'Nothing is carried for other grids. To carry: doorstep sync carry on',
    ] as const
  const [used, room] = [bytesText(status.usedBytes), bytesText(status.budgetBytes)]
  return [
    `正在替别的网格带数据:${used},最多 ${room}。`,
    `Carrying for other grids: ${used}, at most ${room}.`,
  ] as const
}
