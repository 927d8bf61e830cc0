import { announce, DEFAULT_PORT, parseAddress, SyncNode } from '@doorstep/sync'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { ownName } from '../../station/names.ts'
import { untilInterrupted } from '../../station/until-interrupted.ts'

export default class SyncServe extends DoorstepCommand {
  static override description = '等别的站点来同步,直到 Ctrl-C · Wait for other stations until Ctrl-C'
  static override flags = {
    listen: Flags.string({
      default: `0.0.0.0:${DEFAULT_PORT}`,
      description: '监听 主机:端口 · HOST:PORT to listen on',
    }),
    peer: Flags.string({
      multiple: true,
      description: '也一直呼叫这些地址 · also keep calling these addresses',
    }),
    discover: Flags.boolean({
      default: true,
      allowNo: true,
      description: '在局域网内公布自己 · announce on the LAN',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SyncServe)
    const station = await this.open(flags)
    const node = new SyncNode({ station, name: ownName(station) })
    const { host, port } = this.must(await node.serve(this.must(parseAddress(flags.listen))))
    for (const peer of flags.peer ?? []) node.keepCalling(peer)
    const quiet = flags.discover
      ? announce(station.identity.community, port, (error) =>
          this.tell([
            `局域网发现不可用:${error.message}`,
            `LAN discovery is not available: ${error.message}`,
          ]),
        )
      : null
    if (this.jsonEnabled()) this.logJson({ listening: { host, port }, station: station.identity.station })
    else
      this.print(
        this.words([`在 ${host}:${port} 等候。Ctrl-C 结束。`, `Waiting at ${host}:${port}. Ctrl-C to end.`]),
      )
    await untilInterrupted()
    await quiet?.()
    await node.close()
  }

  /** One document was printed when listening began; there is none at the end. */
  protected override toSuccessJson(): unknown {
    return undefined
  }
}
