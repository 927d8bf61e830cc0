import type { SessionState } from '@doorstep/sync'
import { Pace } from './pace.ts'

/** What one session tells of how far it is; blobs where it carries any. */
export type Moving = Pick<
  SessionState,
  | 'station'
  | 'sent'
  | 'sentBytes'
  | 'received'
  | 'given'
  | 'takenBytes'
  | 'fetchedBytes'
  | 'toSend'
  | 'toReceive'
  | 'toSendBytes'
  | 'toFetchBytes'
  | 'sized'
  | 'busy'
  | 'closed'
> & {
  /** Photos and scans, which come after the entries that name them. */
  readonly blobs?: Pick<SessionState['blobs'], 'toReceive' | 'toReceiveBytes' | 'receivedBytes' | 'sentBytes'>
}

export type SyncProgressNow = {
  /** Entries that went or came, and those with what is still to; `done` never exceeds `total`, and neither falls. */
  readonly entries: { readonly done: number; readonly total: number }
  /** Bytes of the same; `total` is null while nothing is known of the size of what is to come. */
  readonly bytes: { readonly done: number; readonly total: number | null }
  /** Never falls; 100 only when nothing is left and nothing under way. Null while what there is to do is not known. */
  readonly percent: number | null
  readonly bytesPerSecond: number | null
  /** Milliseconds; null while it cannot be known. */
  readonly leftMs: number | null
  /** How many blobs are still to come. */
  readonly blobsLeft: number
}

/**
 * How far meetings with one or several stations are. Sessions come and go, entries are made meanwhile, pages of a
 * checkpoint come in place of entries: what was said to be done stays done. After the end, what is new begins anew.
 */
export class SyncProgress {
  /** Of each session that is there, the most it told. */
  readonly #told = new Map<string, Tally>()
  #past = NOTHING
  #run: Run = newRun(NOTHING)

  note(sessions: readonly Moving[], nowMs: number): SyncProgressNow {
    this.#count(sessions)
    const all = [...this.#told.values()].reduce(added, this.#past)
    const live = sessions.filter(({ closed }) => closed === null)
    const left = leftOf(live, all)
    const isBusy = live.some(({ busy }) => busy)
    if (this.#run.isOver && (isBusy || left.entries > 0)) this.#run = newRun(this.#run.ended)
    const run = this.#run
    const isSized = live.length > 0 && live.every(({ sized }) => sized)
    if (isSized && !isBusy && left.entries === 0 && left.bytes === 0) {
      run.isOver = true
      run.ended = all
    }
    takeIn(run, minus(all, run.from), left, isSized)
    run.pace.note(run.bytesDone, nowMs)
    return {
      entries: { done: run.entriesDone, total: run.entriesTotal },
      bytes: { done: run.bytesDone, total: run.bytesTotal },
      percent: run.share === null ? null : Math.floor(run.share * 100),
      bytesPerSecond: run.pace.perSecond(nowMs),
      leftMs: run.isOver
        ? 0
        : left.bytes === null || !isSized
          ? null
          : run.pace.leftMs(Math.max(1, left.bytes), nowMs),
      blobsLeft: live.reduce((sum, { blobs }) => sum + (blobs?.toReceive ?? 0), 0),
    }
  }

  #count(sessions: readonly Moving[]): void {
    const here = new Map(sessions.map((session) => [session.station, tallyOf(session)]))
    for (const [station, before] of this.#told) {
      const now = here.get(station)
      // It left, or is met anew and begins at zero: what was done by then is not lost.
      if (!now || now.entries < before.entries || now.bytes < before.bytes) {
        this.#past = added(this.#past, before)
        this.#told.delete(station)
      }
    }
    for (const [station, tally] of here) this.#told.set(station, tally)
  }
}

type Run = {
  /** What had been done when it began, and when it ended. */
  readonly from: Tally
  ended: Tally
  isOver: boolean
  readonly pace: Pace
  entriesDone: number
  entriesTotal: number
  bytesDone: number
  bytesTotal: number | null
  share: number | null
}

const newRun = (from: Tally): Run => ({
  from,
  ended: from,
  isOver: false,
  pace: new Pace(),
  entriesDone: 0,
  entriesTotal: 0,
  bytesDone: 0,
  bytesTotal: null,
  share: null,
})

function takeIn(run: Run, done: Tally, left: Left, isSized: boolean): void {
  run.entriesTotal = Math.max(run.entriesTotal, done.entries + left.entries)
  // What is not left any more is done, whoever brought it, entries or pages.
  const gone = isSized ? run.entriesTotal - left.entries : done.entries
  run.entriesDone = Math.max(run.entriesDone, gone)
  run.bytesDone = Math.max(run.bytesDone, done.bytes)
  // A better guess may make the total smaller; what is done is always in it.
  run.bytesTotal = left.bytes === null ? null : run.bytesDone + left.bytes
  if (run.isOver) run.share = 1
  // While something comes of which nobody said how much it is, there is no share of it.
  else if (isSized && left.entries + (left.bytes ?? 0) > 0)
    run.share = Math.max(run.share ?? 0, Math.min(shareOf(run), MOST_SHARE))
}

/** Short of all, as long as something is under way. */
const MOST_SHARE = 0.99

/** By bytes where they are known, since they take the time; else by entries. */
function shareOf({ bytesDone, bytesTotal, entriesDone, entriesTotal }: Run): number {
  if (bytesTotal !== null && bytesTotal > 0) return bytesDone / bytesTotal
  return entriesTotal > 0 ? entriesDone / entriesTotal : 0
}

type Left = { readonly entries: number; readonly bytes: number | null }

/** Exact of what is to be sent; of what is to come by the average of what came, and null before anything did. */
function leftOf(live: readonly Moving[], { taken, takenBytes }: Tally): Left {
  let entries = 0
  let bytes = 0
  let isKnown = true
  for (const { toSend, toReceive, toSendBytes, toFetchBytes, blobs } of live) {
    entries += toSend + toReceive
    bytes += toSendBytes + toFetchBytes + (blobs?.toReceiveBytes ?? 0)
    // Pages come in place of entries.
    if (toReceive === 0 || toFetchBytes > 0) continue
    if (taken === 0) isKnown = false
    else bytes += Math.ceil((toReceive * takenBytes) / taken)
  }
  return { entries, bytes: isKnown ? bytes : null }
}

type Tally = {
  readonly entries: number
  readonly bytes: number
  /** Entries that came, and the bytes of their segments. */
  readonly taken: number
  readonly takenBytes: number
}
const NOTHING: Tally = { entries: 0, bytes: 0, taken: 0, takenBytes: 0 }

const tallyOf = ({ sent, given, sentBytes, received, takenBytes, fetchedBytes, blobs }: Moving): Tally => ({
  entries: sent + given + received,
  bytes: sentBytes + takenBytes + fetchedBytes + (blobs ? blobs.receivedBytes + blobs.sentBytes : 0),
  taken: received,
  takenBytes,
})

const added = (a: Tally, b: Tally): Tally => ({
  entries: a.entries + b.entries,
  bytes: a.bytes + b.bytes,
  taken: a.taken + b.taken,
  takenBytes: a.takenBytes + b.takenBytes,
})
const minus = (a: Tally, b: Tally): Tally => ({
  entries: a.entries - b.entries,
  bytes: a.bytes - b.bytes,
  taken: a.taken - b.taken,
  takenBytes: a.takenBytes - b.takenBytes,
})
