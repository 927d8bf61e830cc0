import { type HomeSecret, openStation, type Station } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { CommandFailure } from '../command-failure.ts'
import { wrongUse } from '../flags.ts'
import type { Language } from '../voice/language.ts'
import { wordingOf } from '../voice/problems.ts'
import { askPassphrase } from '../voice/prompt.ts'

/** Minutes, with a fraction if need be. */
const minutesFlag = Flags.custom<number>({
  helpValue: 'MINUTES',
  parse: async (text) => {
    const minutes = Number(text)
    return text.trim() !== '' && minutes >= 0 && Number.isFinite(minutes)
      ? minutes
      : wrongUse(`“${text}” 不是分钟数`, `"${text}" is no number of minutes`)
  },
})

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
    'lock-minutes': minutesFlag({
      env: 'DOORSTEP_LOCK_MINUTES',
      default: 10,
      description: '几分钟没人按键就锁上,0 为从不 · locks when no key is pressed for so long; 0 is never',
    }),
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
    const held: { station: Station | null } = { station: await this.open(flags) }
    const { runWorkstation } = await loading
    await runWorkstation(held, {
      lock: flags['key-file']
        ? null
        : {
            afterMs: flags['lock-minutes'] * 60_000,
            open: (language) => this.#unlock(flags, language),
          },
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
    if (held.station) await this.retireIfRemoved(held.station)
  }

  /** On a screen that shows nothing else. The passphrase is typed, wherever it came from at the start. */
  async #unlock(flags: Parameters<DoorstepCommand['open']>[0], language: Language): Promise<Station | null> {
    this.language = language
    this.hold(null)
    this.tell([
      '已锁上。写过的都在。输入口令回到原处;Ctrl-C 退出。',
      'Locked. What was written is safe. The passphrase brings you back to where you were; Ctrl-C leaves.',
    ])
    for (;;) {
      try {
        const secret: HomeSecret = { type: 'passphrase', text: await askPassphrase(language, 'open') }
        const station = await this.patiently(() => openStation({ home: this.homeOf(flags), secret }))
        process.stdin.setRawMode(true)
        return this.hold(station)
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error
        if (error.problem.type === 'interrupted') return null
        if (error.problem.type !== 'wrong-passphrase') throw error
        process.stderr.write(`${wordingOf(error.problem, language).message}\n`)
      }
    }
  }
}
