import { syncNow } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { bytesText } from '../../attachment/bytes-text.ts'
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
    for (const { name, station: id, blobs } of report.peers) {
      const who = name || id
      if (blobs.received + blobs.toReceive > 0)
        this.print(
          this.words([
            `${who}:照片和录音收齐 ${blobs.received} 件,还有 ${blobs.toReceive} 件(${bytesText(blobs.toReceiveBytes)})下次接着收`,
            `${who}: ${blobs.received} photos and recordings whole, ${blobs.toReceive} (${bytesText(blobs.toReceiveBytes)}) go on next time`,
          ]),
        )
      if (blobs.falsePieces > 0)
        this.tell([
          `${who} 给的照片有 ${blobs.falsePieces} 块不对,没有收;会从别处再收。请在那台机器上运行 doorstep doctor`,
          `${blobs.falsePieces} pieces of photos from ${who} were not what they should be, and were not kept; they come from elsewhere. Run doorstep doctor on that machine`,
        ])
      if (blobs.problem !== null)
        this.tell([
          `照片和录音没有收完(${blobs.problem === 'disk-full' ? '磁盘满了' : '写不进磁盘'}),条目都好。腾出地方,或:doorstep attachment budget --most 500MB`,
          `Not all photos and recordings came (${blobs.problem === 'disk-full' ? 'the disk is full' : 'the disk cannot be written'}); entries are all right. Make room, or: doorstep attachment budget --most 500MB`,
        ])
    }
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
