import { DoorstepCommand } from '../../base-command.ts'
import { serveFlags } from '../../station/serve-flags.ts'
import { serveStation } from '../../station/serve-station.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'

export default class SyncServe extends DoorstepCommand {
  static override description = '等别的站点来同步,直到 Ctrl-C · Wait for other stations until Ctrl-C'
  static override flags = serveFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(SyncServe)
    const station = await this.open(flags)
    const serving = this.must(await serveStation(station, this.serveOptions(flags)))
    const { host, port } = serving.listening
    if (this.jsonEnabled())
      this.logJson({
        listening: { host, port },
        signaling: serving.signalingUrl,
        inMesh: serving.inMesh,
        station: station.identity.station,
      })
    else
      this.print(
        this.words([`在 ${host}:${port} 等候。Ctrl-C 结束。`, `Waiting at ${host}:${port}. Ctrl-C to end.`]),
      )
    await untilInterrupted()
    await serving.close()
  }

  /** One document was printed when listening began; there is none at the end. */
  protected override toSuccessJson(): unknown {
    return undefined
  }
}
