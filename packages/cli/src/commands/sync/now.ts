import { syncNow } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { ownName } from '../../station/names.ts'
import { spaceTruths } from '../../station/sync-truth.ts'
import { attemptLines, nextCommands } from '../../voice/attempt-text.ts'
import { ProgressLine, syncProgressText } from '../../voice/progress.ts'
import { metText } from '../../voice/sync-met-text.ts'
import { SyncProgress } from '../../voice/sync-progress.ts'

export default class SyncNow extends DoorstepCommand {
  static override description = '与能找到的站点相遇一次 · Meet every station that can be found, once'
  static override flags = {
    peer: Flags.string({
      multiple: true,
      description: '地址 主机:端口,或扫到的文字 · address HOST:PORT, or the text of a scanned code',
    }),
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
    for (const { name, station: id, given } of report.peers)
      if (given > 0)
        this.tell([
          `另有 ${given} 条封好的交给 ${name || id} 带走:到了该网格的机器上才算送到。`,
          `${given} more sealed entries were given to ${name || id} to carry: they are delivered once a station of their grid has them.`,
        ])
    const { entries, bytes } = now
    const told = { ...report, progress: { entries, bytes, seconds: tookMs / 1000 } }
    if (!report.peers.some((peer) => peer.equal)) {
      for (const line of attemptLines(report.attempts)) this.tell(line)
      if (this.jsonEnabled()) {
        process.exitCode = 1
        return told
      }
      this.must({
        ok: false,
        problem: {
          type: 'not-synced',
          tried: report.attempts.tried.map(({ address }) => address),
          next: nextCommands(report.attempts),
        },
      })
    }
    return told
  }
}
