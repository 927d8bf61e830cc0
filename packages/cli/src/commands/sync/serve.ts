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
    this.tellListening(serving, station, ['本机', 'This station'])
    await untilInterrupted()
    await serving.close()
  }

  /** One document was printed when listening began; there is none at the end. */
  protected override toSuccessJson(): unknown {
    return undefined
  }
}
