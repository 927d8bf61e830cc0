import { fail } from '@doorstep/core'
import { syncNow } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { ownName } from '../../station/names.ts'
import { spaceTruths } from '../../station/sync-truth.ts'
import { attemptLines, nextCommands } from '../../voice/attempt-text.ts'
import { bytesText } from '../../voice/bytes.ts'
import { plural, type Words } from '../../voice/language.ts'
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
    if (report.peers.length > 0)
      this.print(metText(report.peers, spaces, { language: this.language, timeoutS: timeout }))
    for (const { name, station: id, given } of report.peers)
      if (given > 0)
        this.tell([
          `另有 ${given} 条封好的交给 ${name || id} 带走:到了该网格的机器上才算送到。`,
          `Given to ${name || id} to carry: ${plural(given, 'sealed entry', 'sealed entries')}. Delivered is only what a station of its grid has.`,
        ])
    for (const { name, station: id, blobs } of report.peers) {
      const who = name || id
      if (blobs.received + blobs.toReceive > 0) {
        const size = bytesText(blobs.toReceiveBytes)
        const left: Words =
          blobs.toReceive > 0
            ? [
                `,还有 ${blobs.toReceive} 份(${size})下次接着收`,
                `; ${blobs.toReceive} (${size}) go on next time`,
              ]
            : ['', '']
        this.print(
          this.words([
            `${who}:照片和录音(原件和预览)收齐 ${blobs.received} 份${left[0]}`,
            `${who}: photos and recordings, ${plural(blobs.received, 'file')} whole (originals and previews)${left[1]}`,
          ]),
        )
      }
      if (blobs.falsePieces > 0)
        this.tell([
          `${who} 给的照片有 ${blobs.falsePieces} 块不对,没有收;会从别处再收。请在那台机器上运行 doorstep doctor`,
          `${who} gave ${plural(blobs.falsePieces, 'false piece')} of photos: not kept, they come from elsewhere. Run doorstep doctor on that machine`,
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
      const problem = {
        type: 'not-synced',
        tried: report.attempts.tried.map(({ address }) => address),
        next: nextCommands(report.attempts),
      }
      if (!this.jsonEnabled()) this.must(fail(problem))
      process.exitCode = 1
      return { ...told, error: this.errorJson(problem) }
    }
    return told
  }
}
