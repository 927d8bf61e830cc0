import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  DamagedStoreError,
  fail,
  type HomeSecret,
  isPracticeCommunity,
  openStation,
  type Problem,
  type Result,
  type Role,
  roleReads,
  type Station,
  standingOf,
} from '@doorstep/core'
import { Command, Flags } from '@oclif/core'
import { CommandFailure } from './command-failure.ts'
import { readBytes } from './read-bytes.ts'
import { checkChosen } from './station/chosen-passphrase.ts'
import {
  type NewSecret,
  type NewSecretFlags,
  newSecretOf,
  textOfPassphraseFile,
} from './station/new-secret.ts'
import type { ServeFlags } from './station/serve-flags.ts'
import type { ServeOptions, Serving } from './station/serve-station.ts'
import { waitShowing } from './voice/countdown.ts'
import { chooseLanguage, type Language, say, type Words } from './voice/language.ts'
import { wordingOf } from './voice/problems.ts'
import { askPassphrase } from './voice/prompt.ts'

export { readBytes } from './read-bytes.ts'

type CommonFlags = {
  home?: string | undefined
  lang?: string | undefined
  'passphrase-file'?: string | undefined
  'key-file'?: string | undefined
}

/**
 * What every command shares: the home, the secret, the language, JSON on stdout and prose on stderr, and how a
 * failure is said. A command parses, asks a service, and speaks the answer.
 */
export abstract class DoorstepCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    home: Flags.string({
      env: 'DOORSTEP_HOME',
      helpGroup: 'GLOBAL',
      description: '工作站文件夹 · folder of the workstation',
    }),
    lang: Flags.string({ options: ['zh', 'en'], helpGroup: 'GLOBAL', description: '语言 · language' }),
    'passphrase-file': Flags.string({
      helpGroup: 'GLOBAL',
      description: '口令文件 · file with the passphrase',
    }),
    'key-file': Flags.string({
      env: 'DOORSTEP_KEY_FILE',
      helpGroup: 'GLOBAL',
      description: '网关的密钥文件 · key file of a gateway',
    }),
  }

  language: Language = 'zh'
  #station: Station | null = null

  protected override async init(): Promise<void> {
    await super.init()
    const at = this.argv.indexOf('--lang')
    const equals = this.argv.find((word) => word.startsWith('--lang='))
    this.language = chooseLanguage(equals?.slice(7) ?? (at >= 0 ? this.argv[at + 1] : undefined), process.env)
  }

  homeOf(flags: CommonFlags): string {
    return resolve(flags.home ?? join(homedir(), '.doorstep'))
  }

  /**
   * The passphrase from its file, the environment, or a prompt on a terminal; never from the command line. One that
   * is chosen here, for a home that is made, must not be among the first to be guessed.
   */
  async secretOf(flags: CommonFlags, purpose: 'open' | 'create' = 'open'): Promise<HomeSecret> {
    if (flags['key-file']) return { type: 'key', bytes: new Uint8Array(readOrFail(flags['key-file'])) }
    const text = flags['passphrase-file']
      ? textOfPassphraseFile(readOrFail(flags['passphrase-file']))
      : (process.env.DOORSTEP_PASSPHRASE ?? (await this.#ask(purpose)))
    return { type: 'passphrase', text: purpose === 'create' ? this.must(checkChosen(text)) : text }
  }

  /** A new secret for a home that is there: from the flags of `new-secret.ts`, or typed twice. */
  async newSecretOf(flags: NewSecretFlags): Promise<NewSecret> {
    return this.must(await newSecretOf(flags, () => this.#ask('change')))
  }

  async #ask(purpose: 'open' | 'create' | 'change'): Promise<string> {
    if (!this.onTerminal)
      throw new CommandFailure({
        type: purpose === 'change' ? 'new-passphrase-needed' : 'passphrase-needed',
      })
    return askPassphrase(this.language, purpose)
  }

  /** Somebody is there to be asked. */
  get onTerminal(): boolean {
    return process.stdin.isTTY === true && process.stderr.isTTY === true
  }

  /** Tries again when wrong passphrases made it wait, showing how long; scripts are told and do not hang. */
  async patiently<T>(attempt: () => Result<T> | Promise<Result<T>>): Promise<T> {
    for (;;) {
      const result = await attempt()
      const mayWait = !result.ok && result.problem.type === 'passphrase-wait'
      if (!mayWait || this.jsonEnabled() || !this.onTerminal) return this.must(result)
      await waitShowing(Number(result.problem.seconds), this.language)
    }
  }

  /** Opens the home of the flags; closed by itself when the command ends. */
  async open(flags: CommonFlags): Promise<Station> {
    const secret = await this.secretOf(flags)
    const station = await this.patiently(() => openStation({ home: this.homeOf(flags), secret }))
    this.hold(station)
    if (station.copied)
      this.tell([
        '这份工作站是复制来的或恢复的:已改用新的日志,两边都不会丢。',
        'This home is a copy or was restored: it now writes new logs, and neither side loses anything.',
      ])
    if (isPracticeCommunity(station.identity.community))
      this.tell(['—— 练习 PRACTICE:人和事都是编的 ——', '—— PRACTICE 练习: made-up people and matters ——'])
    await this.retireIfRemoved(station)
    if (standingOf(station).state === 'void')
      this.tell([
        '这台机器的邀请因邀请人被移除或降级而作废。什么都没有销毁;请更资深的站长恢复:doorstep member voided。',
        'The invitation of this machine is void, for whoever invited it was removed or demoted. Nothing is destroyed; a more senior chief can restore it: doorstep member voided.',
      ])
    const role = station.member()?.role
    if (role && this.#isAboutRegister() && !readsRegister(role))
      this.must(fail({ type: 'not-for-role', role }))
    return station
  }

  /** Whether it asks about doors and people, which are in grids alone. */
  #isAboutRegister(): boolean {
    return REGISTER_TOPICS.has(this.id?.split(':')[0] ?? '')
  }

  /** A machine that has learned of its removal keeps nothing; what it had not sent goes into a sealed file first. */
  async retireIfRemoved(station: Station): Promise<void> {
    const standing = standingOf(station)
    if (standing.state !== 'removed') return
    const { retireHome } = await import('@doorstep/sync')
    const retired = this.must(await retireHome(station, 'removed'))
    this.hold(null)
    throw new CommandFailure({ type: 'station-removed', by: standing.by, unsent: retired.unsent })
  }

  /** Closed by itself when the command ends; null lets go of one that is closed. */
  hold<S extends Station | null>(station: S): S {
    this.#station = station
    return station
  }

  /** From the flags of `serve-flags.ts`; troubles on the way become lines on stderr. */
  serveOptions(flags: ServeFlags): ServeOptions {
    return {
      listen: flags.listen,
      peers: flags.peer ?? [],
      discover: flags.discover,
      signalingUrls: flags.signaling ?? [],
      ...(flags['signaling-listen'] ? { signaling: flags['signaling-listen'] } : {}),
      onTrouble: (problem) => process.stderr.write(`${wordingOf(problem, this.language).message}\n`),
    }
  }

  /** The one document of a long-running command: where it listens. Prose names what it is. */
  tellListening({ listening, signalingUrl, inMesh, meet }: Serving, station: Station, who: Words): void {
    const { host, port } = listening
    if (this.jsonEnabled())
      this.logJson({
        listening: { host, port },
        signaling: signalingUrl,
        inMesh,
        station: station.identity.station,
        meet,
      })
    else
      this.print(
        this.words([
          `${who[0]}在 ${host}:${port} 等候。Ctrl-C 结束。`,
          `${who[1]} waits at ${host}:${port}. Ctrl-C to end.`,
        ]),
      )
  }

  /** The value, or the end of the command. */
  must<T>(result: Result<T>): T {
    if (result.ok) return result.value
    throw new CommandFailure(result.problem)
  }

  words(words: Words): string {
    return say(this.language, words)
  }
  /** Prose for a person, on stderr when the answer is JSON. */
  tell(words: Words): void {
    process.stderr.write(`${this.words(words)}\n`)
  }
  /** The answer as text; nothing when JSON is asked for. */
  print(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(`${text}\n`)
  }

  /** What scripts get of a failure, under `error`. */
  errorJson(problem: Problem) {
    return { ...problem, ...wordingOf(problem, this.language) }
  }

  /** How a long-running command ends that has printed its one document already: prose and an exit code. */
  endWith(problem: Problem, exitCode: number): void {
    const { message, next } = wordingOf(problem, this.language)
    process.stderr.write([message, ...next.map((command) => `  ${command}`), ''].join('\n'))
    process.exitCode = exitCode
  }

  protected override async catch(
    thrown: Error & { exitCode?: number; oclif?: { exit?: number } },
  ): Promise<unknown> {
    // A record that no longer opens is found while reading, far from any result.
    const error =
      thrown instanceof DamagedStoreError
        ? new CommandFailure({ type: 'damaged-store', detail: thrown.message })
        : thrown
    if (error instanceof CommandFailure) {
      const said = this.errorJson(error.problem)
      const { message, next } = said
      if (this.jsonEnabled()) this.logJson({ error: said })
      else {
        process.stderr.write(`${message}\n`)
        for (const command of next) process.stderr.write(`  ${command}\n`)
      }
      process.exitCode = error.problem.type === 'interrupted' ? 130 : 1
      return undefined
    }
    const usage = thrown.oclif?.exit === 2
    if (usage && this.jsonEnabled()) {
      this.logJson({
        error: {
          type: 'usage',
          message: error.message,
          next: [`doorstep ${this.id?.replaceAll(':', ' ') ?? ''} --help`],
        },
      })
      process.exitCode = 2
      return undefined
    }
    throw error
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await this.#station?.close()
    await super.finally(error)
  }
}

const REGISTER_TOPICS: ReadonlySet<string> = new Set([
  ...['alarm', 'household', 'visit', 'case', 'conflict', 'device', 'find', 'import', 'person'],
  ...['reveal', 'consent', 'retention', 'sweep', 'claim', 'attachment', 'export', 'diary'],
  ...['print', 'errand', 'day', 'overview', 'report', 'leave'],
])
/** A grid that it is given. */
const readsRegister = (role: Role): boolean => roleReads(role, 'grid', true)

function readOrFail(file: string): Buffer {
  const result = readBytes(file)
  if (result.ok) return result.value
  throw new CommandFailure(result.problem)
}
