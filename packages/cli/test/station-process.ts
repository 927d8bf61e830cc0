/** A station as a process of its own: what it is asked, and what it has said. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AlarmCard, AnswerAlarm, Finding, RaisedAlarm, Rule } from '@doorstep/core'

export type Asked =
  | { readonly do: 'raise'; readonly finding: Finding; readonly rule: Rule }
  | { readonly do: 'answer'; readonly answer: AnswerAlarm }
  | { readonly do: 'alarms' | 'cases' | 'digests' }
  | { readonly do: 'call'; readonly peer: string }
  | { readonly do: 'write-bundle' | 'read-bundle'; readonly file: string }
export type Told = { readonly n: number; readonly value?: unknown; readonly error?: string }

const CHILD = fileURLToPath(new URL('./station-child.ts', import.meta.url))

export class StationProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #count = 0
  #errors = ''

  private constructor(home: string, port: number, peers: readonly string[]) {
    this.#child = fork(CHILD, [home, String(port), ...peers], { execArgv: [], silent: true })
    this.#child.stderr!.on('data', (bytes: Buffer) => {
      this.#errors += bytes.toString()
    })
    this.#child.on('message', ({ n, value, error }: Told) => {
      const waiting = this.#waiting.get(n)
      this.#waiting.delete(n)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(new Error(error))
    })
    this.#child.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`ended: ${this.#errors}`))
      this.#waiting.clear()
    })
  }

  /** Resolves when it listens; `port` 0 takes any. */
  static async start(home: string, port = 0, peers: readonly string[] = []) {
    const process = new StationProcess(home, port, peers)
    return { process, port: Number(await process.#answerTo(0)) }
  }

  #answerTo(n: number): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(n, waiting)
    return waiting.promise
  }

  ask<T = unknown>(asked: Asked): Promise<T> {
    const n = ++this.#count
    const answer = this.#answerTo(n)
    this.#child.send({ ...asked, n })
    return answer as Promise<T>
  }
  raise = (finding: Finding, rule: Rule): Promise<RaisedAlarm> => this.ask({ do: 'raise', finding, rule })
  alarms = (): Promise<readonly AlarmCard[]> => this.ask({ do: 'alarms' })

  /** Without a warning. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }
}
