import { fail, type Result } from '../result.ts'
import { DamagedStoreError } from '../store/store.ts'
import type { Trunk } from '../trunk/context.ts'
import { storeProblem } from './home.ts'

type Job = {
  readonly work: () => Result<unknown>
  /** It brings what others have: see `Store.relaxed`. */
  readonly isRelaxed: boolean
  readonly done: (result: Result<unknown>) => void
  readonly failed: (error: unknown) => void
}

export type WriteQueueDeps = {
  readonly trunk: Trunk
  readonly home: string
  /** All is written, and nothing is on the disk yet. */
  readonly onWritten: () => void
  /** What was written can be read; nobody was answered yet. */
  readonly onCommitted: () => void
  readonly onAnswered: () => void
}

class Undo extends Error {}

/** Group commit: everything asked for since the last turn, each alone undone if it fails, one disk write for all. */
export class WriteQueue {
  readonly #deps: WriteQueueDeps
  #jobs: Job[] = []
  #draining: Promise<void> | null = null

  constructor(deps: WriteQueueDeps) {
    this.#deps = deps
  }

  /** Resolves when the work is on the disk, or was undone. */
  submit<T>(work: () => Result<T>): Promise<Result<T>> {
    return this.#submit(work, false)
  }
  /** Resolves when what the work wrote can be read; on the disk it is after the next `Store.flush`. */
  submitRelaxed<T>(work: () => Result<T>): Promise<Result<T>> {
    return this.#submit(work, true)
  }
  #submit<T>(work: () => Result<T>, isRelaxed: boolean): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      const done = resolve as (result: Result<unknown>) => void
      this.#jobs.push({ work, isRelaxed, done, failed: reject })
      this.#draining ??= new Promise((drained) =>
        setImmediate(() => {
          this.#draining = null
          this.#drain()
          drained()
        }),
      )
    })
  }

  async drained(): Promise<void> {
    await this.#draining
  }

  #drain(): void {
    const { trunk, onWritten, onCommitted, onAnswered } = this.#deps
    const jobs = this.#jobs
    this.#jobs = []
    const results: (() => void)[] = []
    const work = () => {
      this.#followEpoch()
      for (const job of jobs) results.push(this.#attempt(job))
      onWritten()
    }
    try {
      if (jobs.every(({ isRelaxed }) => isRelaxed)) trunk.store.relaxed(work)
      else trunk.store.transaction(work)
    } catch (error) {
      trunk.acts.forget()
      for (const job of jobs) this.#settleFailure(job, error)
      return
    }
    onCommitted()
    // Answered first: a listener that throws is a bug elsewhere, and must not leave a write that is on disk unanswered.
    for (const settle of results) settle()
    onAnswered()
  }

  /** Another process of this home may have started a fresh epoch. */
  #followEpoch(): void {
    const { trunk } = this.#deps
    const stored = trunk.store.setting('epoch')
    if (stored) trunk.epoch = stored
  }

  #attempt(job: Job): () => void {
    const { trunk } = this.#deps
    let result: Result<unknown> | undefined
    try {
      trunk.store.savepoint(() => {
        result = job.work()
        if (!result.ok) throw new Undo()
      })
    } catch (error) {
      trunk.acts.forget()
      if (!(error instanceof Undo)) {
        if (isStoreError(error)) throw error
        if (error instanceof DamagedStoreError) return () => this.#settleFailure(job, error)
        return () => job.failed(error)
      }
    }
    const settled = result!
    return () => job.done(settled)
  }

  #settleFailure(job: Job, error: unknown): void {
    try {
      job.done(fail(storeProblem(error, this.#deps.home)))
    } catch (bug) {
      job.failed(bug)
    }
  }
}

export const isStoreError = (error: unknown): boolean =>
  (error as { code?: string }).code === 'ERR_SQLITE_ERROR'
