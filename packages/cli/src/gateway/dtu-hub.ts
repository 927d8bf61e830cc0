/** The listeners that DTUs dial in to: several lines may share one, told apart by what their DTUs say first. */
import type { Problem, Result } from '@doorstep/core'
import { type DtuIdentity, type DtuListener, listenDtus, type Port, parseDtuText } from '@doorstep/drivers'
import type { LineConfig } from './config.ts'
import { type HostPort, hostPortText } from './config-values.ts'

type Wanted = { readonly at: HostPort; readonly dtus: readonly DtuIdentity[]; readonly settings: string }
type Kept = {
  readonly settings: string
  readonly opening: Promise<Result<DtuListener>>
  /** Once it is open. */
  listener: DtuListener | null
}

export class DtuHub {
  #wanted: ReadonlyMap<string, Wanted> = new Map()
  readonly #kept = new Map<string, Kept>()

  /** A listener whose DTUs changed is closed: they dial in again. */
  async set(lines: readonly LineConfig[]): Promise<void> {
    const waiting = lines.filter((line) => line.dtu !== null)
    const groups = Map.groupBy(waiting, (line) => hostPortText(line.dtu!))
    this.#wanted = new Map(
      [...groups].map(([key, group]) => [
        key,
        {
          at: group[0]!.dtu!,
          dtus: group.map(identityOf),
          settings: JSON.stringify(
            group.map(({ name, registration, heartbeat }) => [name, registration, heartbeat]),
          ),
        },
      ]),
    )
    for (const [key, { settings }] of this.#kept)
      if (this.#wanted.get(key)?.settings !== settings) await this.#close(key)
  }

  async open({ name, dtu }: LineConfig, signal: AbortSignal): Promise<Result<Port, Problem>> {
    const listener = await this.#listener(hostPortText(dtu!))
    return listener.ok ? listener.value.open(name, signal) : listener
  }

  /** Of its DTU, and of the listener it shares: whom it refused, and why. */
  counts({ name, dtu }: LineConfig): Readonly<Record<string, number>> {
    const listener = dtu === null ? null : this.#kept.get(hostPortText(dtu))?.listener
    if (!listener) return {}
    const {
      connected = 0,
      replaced = 0,
      heartbeats = 0,
    } = listener.states.find((state) => state.name === name) ?? {}
    const { unknown, mute, tooMany, flooding, stuck } = listener.counters
    const refused = {
      dtuUnknown: unknown,
      dtuMute: mute,
      dtuTooMany: tooMany,
      dtuFlooding: flooding,
      dtuStuck: stuck,
    }
    return { dtuConnected: connected, dtuReplaced: replaced, dtuHeartbeats: heartbeats, ...refused }
  }

  async #listener(key: string): Promise<Result<DtuListener>> {
    const wanted = this.#wanted.get(key)
    if (!wanted) return { ok: false, problem: { type: 'aborted' } }
    let kept = this.#kept.get(key)
    if (!kept) {
      const opening = listenDtus({ ...wanted.at, dtus: wanted.dtus })
      kept = { settings: wanted.settings, opening, listener: null }
      this.#kept.set(key, kept)
    }
    const opened = await kept.opening
    if (opened.ok) kept.listener = opened.value
    else if (this.#kept.get(key) === kept) this.#kept.delete(key)
    return opened
  }

  async #close(key: string): Promise<void> {
    const opened = await this.#kept.get(key)?.opening
    this.#kept.delete(key)
    if (opened?.ok) await opened.value.close()
  }
  async close(): Promise<void> {
    await this.set([])
  }
}

const identityOf = ({ name, registration, heartbeat }: LineConfig): DtuIdentity => ({
  name,
  registration: registration === null ? null : parseDtuText(registration),
  heartbeat: heartbeat === null ? null : parseDtuText(heartbeat),
})
