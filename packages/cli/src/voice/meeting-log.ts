import type { SessionState } from '@doorstep/sync'
import { type Language, say } from './language.ts'
import { endedWords } from './sync-met-text.ts'

/** A station that stays and works is told of so often at most, in milliseconds. */
const AGAIN_MS = 60_000

type Meeting = {
  /** What the session did when it was last told of. */
  sent: number
  received: number
  toldMs: number | null
  last: SessionState
}

/** What became of meetings, a line each, for whoever looks at a gateway's terminal in the evening. */
export class MeetingLog {
  readonly #language: Language
  readonly #meetings = new Map<string, Meeting>()

  constructor(language: Language) {
    this.#language = language
  }

  /** The lines that are news. */
  note(states: readonly SessionState[], nowMs: number): string[] {
    const lines: string[] = []
    const here = new Map(states.map((state) => [state.station, state]))
    for (const [station, meeting] of this.#meetings) {
      const state = here.get(station)
      if (state && state.closed === null && !hasBegunAnew(meeting, state)) continue
      lines.push(...this.#ended(state?.closed != null ? state : meeting.last))
      this.#meetings.delete(station)
    }
    for (const state of states) {
      if (state.closed !== null) continue
      const meeting = this.#meetings.get(state.station) ?? { sent: 0, received: 0, toldMs: null, last: state }
      meeting.last = state
      this.#meetings.set(state.station, meeting)
      if (!state.equal) continue
      const isNews = state.sent > meeting.sent || state.received > meeting.received
      if (meeting.toldMs !== null && (!isNews || nowMs - meeting.toldMs < AGAIN_MS)) continue
      lines.push(this.#equal(state, meeting))
      Object.assign(meeting, { sent: state.sent, received: state.received, toldMs: nowMs })
    }
    return lines
  }

  #equal(state: SessionState, { sent, received }: Meeting): string {
    const name = state.name || state.station
    return say(this.#language, [
      `${name}:发出 ${state.sent - sent} 条,收到 ${state.received - received} 条,已证明相同`,
      `${name}: sent ${state.sent - sent}, received ${state.received - received}, proved equal`,
    ])
  }

  /** Of a meeting that ended in proof enough was said. */
  #ended(state: SessionState): string[] {
    if (state.equal) return []
    const name = state.name || state.station
    const why = endedWords(state.closed ?? 'gone')
    const left = state.toSend + state.toReceive
    return [
      say(this.#language, [
        `${name}:断开了,没有证明相同(${why[0]}${left > 0 ? `,还差 ${left} 条` : ''})`,
        `${name}: gone, not proved equal (${why[1]}${left > 0 ? `, ${left} to go` : ''})`,
      ]),
    ]
  }
}

const hasBegunAnew = ({ last }: Meeting, { sent, received }: SessionState): boolean =>
  sent < last.sent || received < last.received
