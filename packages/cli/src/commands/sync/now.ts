import { syncNow } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { ownName } from '../../station/names.ts'
import { spaceTruths } from '../../station/sync-truth.ts'
import { ProgressLine, syncProgressText } from '../../voice/progress.ts'
import { metText } from '../../voice/sync-met-text.ts'
import { SyncProgress } from '../../voice/sync-progress.ts'

export default class SyncNow extends DoorstepCommand {
  static override description = '与能找到的站点相遇一次 · Meet every station that can be found, once'
  static override flags = {
    peer: Flags.string({ multiple: true, description: '地址 主机:端口 · address HOST:PORT' }),
    timeout: Flags.integer({ default: 30, min: 1, description: '最多等几秒 · seconds to wait at most' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(SyncNow)
    const station = await this.open(flags)
    const progress = new SyncProgress()
    const line = new ProgressLine()
    const startedMs = station.now
    let now = progress.note([], startedMs)
    const report = await syncNow(station, {
      name: ownName(station),
      peers: flags.peer ?? [],
      timeoutMs: flags.timeout * 1000,
      onState: (states) => {
        now = progress.note(states, station.now)
        if (now.entries.total > 0 || now.bytes.done > 0) line.show(() => syncProgressText(now, this.language))
      },
    })
    line.end()
    const tookMs = station.now - startedMs
    await this.retireIfRemoved(station)
    const spaces = spaceTruths(station)
    const { timeout } = flags
    this.print(metText(report.peers, spaces, { language: this.language, timeoutS: timeout }))
    for (const { address, detail } of report.tried)
      this.tell([`试过 ${address}:${detail}`, `Tried ${address}: ${detail}`])
    const { entries, bytes } = now
    const told = { ...report, progress: { entries, bytes, seconds: tookMs / 1000 } }
    if (!report.peers.some((peer) => peer.equal)) {
      if (this.jsonEnabled()) {
        process.exitCode = 1
        return told
      }
      this.must({
        ok: false,
        problem: { type: 'not-synced', tried: report.tried.map(({ address }) => address) },
      })
    }
    return told
  }
}
