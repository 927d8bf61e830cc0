import { fork } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { runHistory } from './run.ts'
import { shrink } from './shrink.ts'

/** Histories that one worker runs before it reports: what a kill costs at most. */
const CHUNK = 10

/** What a run adds up to. `chunks` are those done beyond `next`, when several workers are at it. */
type Tally = {
  next: number
  chunks: number[]
  histories: number
  cpuSeconds: number
  failing: { seed: number; text: string }[]
  counts: Record<string, number>
  /** How many histories had this many different faults. */
  faults: Record<string, number>
}
type Done = Pick<Tally, 'cpuSeconds' | 'failing' | 'counts' | 'faults'> & { readonly first: number }

/** Steps that are no fault: a history of these alone proves little. */
const PEACEFUL = new Set(['write', 'meet', 'part', 'backup', 'doctor', 'taken whole', 'room again'])

async function runChunk(first: number): Promise<Done> {
  const done: Done = { first, cpuSeconds: 0, failing: [], counts: {}, faults: {} }
  const before = process.cpuUsage()
  for (let seed = first; seed < first + CHUNK; seed++) {
    const report = await runHistory(seed)
    if (report.failure) done.failing.push({ seed, text: report.failure.text.slice(0, 500) })
    let kinds = 0
    for (const [name, count] of report.counts) {
      done.counts[name] = (done.counts[name] ?? 0) + count
      if (!PEACEFUL.has(name) && !name.startsWith('problem ')) kinds++
    }
    done.faults[kinds] = (done.faults[kinds] ?? 0) + 1
  }
  const { user, system } = process.cpuUsage(before)
  done.cpuSeconds = (user + system) / 1e6
  return done
}

/** Where a run is kept when nothing else is said: never in the repository. */
const defaultState = (): string =>
  join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'doorstep', 'sim.json')

function readTally(file: string): Tally {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { next: 1, chunks: [], histories: 0, cpuSeconds: 0, failing: [], counts: {}, faults: {} }
  }
}

/** Whole under its name or not at all: a run may be killed at any time. */
function writeTally(file: string, tally: Tally): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.part`, `${JSON.stringify(tally, null, 1)}\n`)
  renameSync(`${file}.part`, file)
}

function add(tally: Tally, done: Done): void {
  tally.histories += CHUNK
  tally.cpuSeconds += done.cpuSeconds
  tally.failing.push(...done.failing)
  for (const key of ['counts', 'faults'] as const)
    for (const [name, count] of Object.entries(done[key])) tally[key][name] = (tally[key][name] ?? 0) + count
  tally.chunks.push(done.first)
  tally.chunks.sort((a, b) => a - b)
  while (tally.chunks[0] === tally.next) {
    tally.chunks.shift()
    tally.next += CHUNK
  }
}

/** Goes on where the last run ended, until it is stopped or has done as many as it was told. */
async function resume(file: string, jobs: number, atMost: number): Promise<void> {
  const tally = readTally(file)
  process.stderr.write(`${tally.histories} histories so far, kept in ${file}\n`)
  const taken = new Set(tally.chunks)
  let first = tally.next
  let left = Math.ceil(atMost / CHUNK)
  const nextChunk = (): number | null => {
    if (left-- <= 0) return null
    while (taken.has(first)) first += CHUNK
    taken.add(first)
    return first
  }
  let saidAt = 0
  const work = () =>
    new Promise<void>((resolve, reject) => {
      let doing: number | null = null
      const child = fork(import.meta.filename, ['--worker'], { execArgv: ['--max-semi-space-size=32'] })
      const give = () => {
        doing = nextChunk()
        if (doing === null) child.disconnect()
        else child.send(doing)
      }
      child.on('message', (done: Done) => {
        add(tally, done)
        writeTally(file, tally)
        for (const { seed, text } of done.failing) process.stderr.write(`seed ${seed} fails: ${text}\n`)
        if (Date.now() - saidAt > 60_000) {
          saidAt = Date.now()
          process.stderr.write(`${summary(tally)}\n`)
        }
        give()
      })
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        if (code === 0) resolve()
        else
          reject(
            new Error(`a worker ended with ${code ?? signal} in seeds ${doing} to ${doing! + CHUNK - 1}`),
          )
      })
      give()
    })
  await Promise.all(Array.from({ length: jobs }, work))
  process.stdout.write(`${summary(tally)}\n`)
  if (tally.failing.length > 0) process.exitCode = 1
}

const summary = ({ histories, cpuSeconds, failing }: Tally): string =>
  `${histories} histories, ${failing.length} failing${failing.length > 0 ? ` (${failing.map(({ seed }) => seed)})` : ''}, ${cpuSeconds.toFixed(0)} s of CPU, ${((cpuSeconds / Math.max(1, histories)) * 1000).toFixed(0)} ms each`

/** One history with a line for everything that happens; of one that fails, a shorter one that fails too. */
async function replay(seed: number, without: ReadonlySet<number>, shrinks: boolean): Promise<void> {
  const report = await runHistory(seed, { without, log: (line) => process.stdout.write(`${line}\n`) })
  const { failure, stations, steps, trace } = report
  process.stdout.write(`\nseed ${seed}: ${stations} stations, ${steps} steps, trace ${trace}\n`)
  process.stdout.write(failure ? `FAILS: ${failure.text}\n` : 'everything holds\n')
  if (!failure) return
  process.exitCode = 1
  if (!shrinks) return
  const shorter = await shrink(seed, without)
  process.stdout.write(`it fails too without these steps: --seed ${seed} --without ${[...shorter].join()}\n`)
}

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      resume: { type: 'boolean' },
      worker: { type: 'boolean' },
      state: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      histories: { type: 'string' },
      seed: { type: 'string' },
      without: { type: 'string', default: '' },
      shrink: { type: 'boolean' },
    },
  })
  if (values.worker) {
    // Whoever asked for this has gone, killed perhaps: the rest is done again by the next run.
    process.on('disconnect', () => process.exit())
    process.on('message', (first: number) => void runChunk(first).then((done) => process.send?.(done)))
    return
  }
  if (values.seed !== undefined) {
    const without = new Set(values.without.split(',').filter(Boolean).map(Number))
    return replay(Number(values.seed), without, values.shrink === true)
  }
  const atMost = values.histories === undefined ? Number.POSITIVE_INFINITY : Number(values.histories)
  return resume(values.state ?? defaultState(), Number(values.jobs), atMost)
}

if (import.meta.main) await main(process.argv.slice(2))
