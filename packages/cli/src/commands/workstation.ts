import type { HomeSecret } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'

/** As `serveFlags`, without loading the network before the first screen. */
const DEFAULT_LISTEN = '0.0.0.0:7345'

export default class Workstation extends DoorstepCommand {
  static override description = '打开工作站 · Open the workstation'
  static override hidden = true
  static override enableJsonFlag = false
  static override flags = {
    listen: Flags.string({ default: DEFAULT_LISTEN, description: '监听 主机:端口 · HOST:PORT to listen on' }),
    peer: Flags.string({
      multiple: true,
      description: '也一直呼叫这些地址 · also keep calling these addresses',
    }),
    discover: Flags.boolean({
      default: true,
      allowNo: true,
      description: '在局域网内找别人、公布自己 · find and announce on the LAN',
    }),
    signaling: Flags.string({ multiple: true, description: '信令服务 ws://主机:端口 · signaling servers' }),
    offline: Flags.boolean({ description: '不联网 · stay off the network' }),
    'screen-reader': Flags.boolean({
      default: process.env.INK_SCREEN_READER === 'true',
      description: '读屏模式 · for a screen reader',
    }),
  }

  /** What is typed from here on is for the workstation: nothing of it is echoed while the home opens. */
  override async secretOf(...given: Parameters<DoorstepCommand['secretOf']>): Promise<HomeSecret> {
    const secret = await super.secretOf(...given)
    process.stdin.setRawMode(true)
    return secret
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Workstation)
    if (!process.stdin.isTTY || !process.stdout.isTTY)
      this.must({ ok: false, problem: { type: 'no-terminal' } })
    // React's development build is three times as slow to load.
    process.env.NODE_ENV ??= 'production'
    // While the passphrase is being typed.
    const loading = import('../workstation/run.tsx')
    const station = await this.open(flags)
    const { runWorkstation } = await loading
    await runWorkstation(station, {
      language: this.language,
      spoken: flags['screen-reader'],
      sync: flags.offline
        ? null
        : {
            listen: flags.listen,
            peers: flags.peer ?? [],
            discover: flags.discover,
            signalingUrls: flags.signaling ?? [],
          },
    })
  }
}
