import { fail } from '@doorstep/core'
import { decommission, syncNow } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { ownName } from '../../station/names.ts'
import { askYes } from '../../voice/prompt.ts'

export default class StationDecommission extends DoorstepCommand {
  static override description =
    '这台机器好好退役:交出没送的,退出,销毁 · Leave in good order: hand over, leave, and wipe this machine'
  static override flags = {
    peer: Flags.string({ multiple: true, description: '地址 主机:端口 · address HOST:PORT' }),
    out: Flags.string({ description: '没人可同步时,把条目写到这里 · file to carry when nobody can be met' }),
    timeout: Flags.integer({ default: 30, min: 1, description: '最多等几秒 · seconds to wait at most' }),
    yes: Flags.boolean({ description: '不再询问 · do not ask' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(StationDecommission)
    const station = await this.open(flags)
    const { station: id } = station.identity
    const sure =
      flags.yes ||
      (this.onTerminal &&
        (await askYes(this.language, [
          '这台机器上的密钥和记录会被销毁,不能撤回。继续吗?',
          'Keys and records on this machine will be destroyed, for good. Go on?',
        ])))
    if (!sure) this.must(fail({ type: 'needs-yes' }))
    const meet = async () => {
      await syncNow(station, {
        name: ownName(station),
        peers: flags.peer ?? [],
        timeoutMs: flags.timeout * 1000,
      })
    }
    const done = this.must(
      await decommission(station, { meet, ...(flags.out === undefined ? {} : { file: flags.out }) }),
    )
    this.hold(null)
    this.print(
      this.words([
        done.unsent === null
          ? '这台机器已退役:条目都在别的机器上,密钥和记录已销毁。'
          : `这台机器已退役,密钥和记录已销毁。请把 ${done.unsent} 带给任何一位同事:\n  doorstep bundle read ${done.unsent}`,
        done.unsent === null
          ? 'This machine is decommissioned: its entries are on others, its keys and records destroyed.'
          : `This machine is decommissioned, its keys and records destroyed. Carry ${done.unsent} to any colleague:\n  doorstep bundle read ${done.unsent}`,
      ]),
    )
    return { station: id, unsent: done.unsent }
  }
}
