import type { SessionState } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { lanAddresses } from '../../station/lan-addresses.ts'
import { serveFlags } from '../../station/serve-flags.ts'
import { serveStation } from '../../station/serve-station.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'
import { MeetingLog } from '../../voice/meeting-log.ts'
import { ProgressLine, syncProgressText } from '../../voice/progress.ts'
import { qrOnTerminal } from '../../voice/qr.ts'
import { SyncProgress } from '../../voice/sync-progress.ts'
import { terminalWidth } from '../../voice/table.ts'

export default class SyncServe extends DoorstepCommand {
  static override description = '等别的站点来同步,直到 Ctrl-C · Wait for other stations until Ctrl-C'
  static override flags = {
    ...serveFlags,
    qr: Flags.boolean({
      description: '在终端里用二维码显示地址,供 --peer 用 · show the address as a QR code, for --peer',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SyncServe)
    const station = await this.open(flags)
    const log = new MeetingLog(this.language)
    const line = new ProgressLine()
    const progress = new SyncProgress()
    const onState = (states: readonly SessionState[]) => {
      const told = log.note(states, station.now)
      if (told.length > 0) line.end()
      for (const text of told) process.stderr.write(`${text}\n`)
      const now = progress.note(states, station.now)
      const isMoving = states.some(
        ({ toSend, toReceive, toFetchBytes }) => toSend + toReceive + toFetchBytes > 0,
      )
      if (isMoving) line.show(() => syncProgressText(now, this.language))
      else line.end()
    }
    const serving = this.must(await serveStation(station, { ...this.serveOptions(flags), onState }))
    const addresses = lanAddresses(serving.listening)
    if (flags.qr && addresses.length > 0 && !this.jsonEnabled()) {
      // The address is the shorter one to type; the text of the code, to copy, meets this station or nobody.
      const typed = [addresses[0], serving.meet].map((peer) => `doorstep sync now --peer ${peer}`)
      const linesBelow = 2 + typed.reduce((sum, text) => sum + Math.ceil(text.length / terminalWidth()), 0)
      this.print([...qrOnTerminal(serving.meet, linesBelow), ...typed].join('\n'))
    }
    this.tellListening(serving, station, ['本机', 'This station'])
    await Promise.race([untilInterrupted(), serving.removed])
    await serving.close()
    line.end()
    await this.retireIfRemoved(station)
  }

  /** One document was printed when listening began; there is none at the end. */
  protected override toSuccessJson(): unknown {
    return undefined
  }
}
