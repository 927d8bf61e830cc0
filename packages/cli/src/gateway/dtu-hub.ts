/** The listeners that DTUs dial in to: several lines may share one, told apart by what their DTUs say first. */
import type { Problem, Result } from '@doorstep/core'
import { type DtuIdentity, type DtuListener, listenDtus, type Port, parseDtuText } from '@doorstep/drivers'
import type { LineConfig } from './config.ts'
import { type HostPort, hostPortText } from './config-values.ts'

type Wanted = { readonly at: HostPort; readonly dtus: readonly DtuIdentity[]; readonly settings: string }
type Kept = { readonly settings: string; readonly opening: Promise<Result<DtuListener>> }

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

  async #listener(key: string): Promise<Result<DtuListener>> {
    const wanted = this.#wanted.get(key)
    if (!wanted) return { ok: false, problem: { type: 'aborted' } }
    let kept = this.#kept.get(key)
    if (!kept) {
      kept = { settings: wanted.settings, opening: listenDtus({ ...wanted.at, dtus: wanted.dtus }) }
      this.#kept.set(key, kept)
    }
    const opened = await kept.opening
    if (!opened.ok && this.#kept.get(key) === kept) this.#kept.delete(key)
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
