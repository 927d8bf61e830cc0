import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchContext, createBenchContext } from './bench-context.ts'
import { installPeers } from './install-peers.ts'
import { profileTable } from './profile.ts'
import { type Group, type GroupResult, groups, isGroup, ratiosOf } from './row.ts'
import { measureAlarm } from './rows/alarm.ts'
import { measureMeetings, meetingGroups } from './rows/between-stations.ts'
import { measureBundle } from './rows/bundle.ts'
import { measureBus } from './rows/bus.ts'
import { measureForm } from './rows/form.ts'
import { measureImport } from './rows/import.ts'
import { measureMqtt } from './rows/mqtt.ts'
import { measureOpen } from './rows/open.ts'
import { measureReadings } from './rows/readings.ts'
import { measureSave } from './rows/save.ts'
import { measureWorkstation } from './rows/workstation.ts'
import { profileInto } from './run-step.ts'
import { measureScale } from './scale/measure-scale.ts'
import { isSide, type Side, sides } from './side.ts'
import { toTable } from './table.ts'

const measures: Partial<Record<Group, (context: BenchContext) => Promise<GroupResult>>> = {
  alarm: measureAlarm,
  mqtt: measureMqtt,
  bundle: measureBundle,
  save: measureSave,
  open: measureOpen,
  import: measureImport,
  form: measureForm,
  readings: measureReadings,
  workstation: measureWorkstation,
  bus: measureBus,
}

const USAGE = `pnpm bench [--quick] [--only ${[...groups, 'scale'].join('|')}] [--json] [--profile]
           [--peer ${sides.slice(1).join('|')}|none] [--households N] [--repetitions N] [--seed N]
           [--folder DIR] [--register FILE [--town CODE]]
pnpm bench --only scale [--size N]... [--cache DIR]`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    peer: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    households: { type: 'string' },
    repetitions: { type: 'string' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    register: { type: 'string' },
    town: { type: 'string', default: 'TP' },
    size: { type: 'string', multiple: true },
    cache: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const wanted = values.only ?? [...groups]
const peers = (values.peer ?? sides.slice(1)).filter((peer) => peer !== 'none')
const isKnown = (group: string): boolean => isGroup(group) || group === 'scale'
if (values.help || !wanted.every(isKnown) || !peers.every(isSide)) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(values.help ? 0 : 2)
}

const number = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  process.stderr.write(`${USAGE}\n`)
  process.exit(2)
}

const shownSides = ['doorstep', ...(peers as Side[])].filter(
  (side, n, all) => all.indexOf(side) === n,
) as Side[]
const options = {
  size: { households: number(values.households, values.quick ? 500 : 3000), seed: number(values.seed, 1) },
  repetitions: number(values.repetitions, values.quick ? 1 : 3),
  saves: values.quick ? 100 : 1000,
  meters: number(values.households, values.quick ? 50 : 1000),
  dayVisits: values.quick ? 50 : 200,
  liveEdits: values.quick ? 20 : 60,
  sides: shownSides,
  register: values.register ? resolve(values.register) : null,
  town: values.town,
}

const folder = mkdtempSync(join(values.folder ? resolve(values.folder) : tmpdir(), 'doorstep-bench-'))
const profiles = join(folder, 'profiles')
if (values.profile) {
  mkdirSync(profiles)
  profileInto(profiles)
}
const startedAt = performance.now()
const progress = (text: string) =>
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${text}\n`)
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

try {
  const loadBefore = loadavg()[0]!
  if (wanted.some(isGroup)) await runRows(loadBefore)
  if (wanted.includes('scale')) {
    const cache = values.cache ? resolve(values.cache) : join(tmpdir(), 'doorstep-bench-scale')
    const sizes =
      values.size?.map((text) => number(text, 0)) ?? (values.quick ? [500, 1000] : [500, 3000, 10_000])
    const scale = await measureScale({ cache, sizes, seed: options.size.seed, folder, progress })
    if (values.json) say(JSON.stringify({ machine: machine(), loadBefore, ...scale.data }, null, 2))
    else say(`${machineLine(loadBefore)}\n\n${scale.text}`)
  }
  if (values.profile)
    (values.json ? (text: string) => process.stderr.write(`${text}\n`) : say)(`\n${profileTable(profiles)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function runRows(loadBefore: number): Promise<void> {
  if (shownSides.length > 1) installPeers()
  const context = createBenchContext(options, folder, progress)
  const results: GroupResult[] = []
  const meetings = new Set(meetingGroups.filter((group) => wanted.includes(group)))
  if (meetings.size > 0) results.push(await measureMeetings(context, meetings))
  for (const group of groups)
    if (wanted.includes(group) && measures[group]) results.push(await measures[group](context))
  const rows = results.flatMap((result) => result.rows)
  const notes = results.flatMap((result) => result.notes)
  if (values.json)
    return say(
      JSON.stringify(
        {
          machine: machine(),
          loadBefore,
          options,
          notes,
          rows: rows.map((row) => ({ ...row, ratios: ratiosOf(row) })),
        },
        null,
        2,
      ),
    )
  say(machineLine(loadBefore))
  say(
    `${options.size.households} households, medians of ${options.repetitions}; in brackets: how many times better Doorstep is\n`,
  )
  say(`${toTable(rows, shownSides)}\n\n${notes.map((note) => `- ${note}`).join('\n')}`)
}

function machine() {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown processor',
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    peers: Object.fromEntries(shownSides.slice(1).map((side) => [side, versionOf(side)])),
  }
}

function machineLine(loadBefore: number): string {
  const { cores, model, memoryGB, node, peers: versions } = machine()
  const beside = Object.entries(versions).map(([side, version]) => `${side} ${version}`)
  const facts = [
    `${cores} cores`,
    model,
    `${memoryGB} GB`,
    `node ${node}`,
    `load ${loadBefore.toFixed(1)} before`,
  ]
  return [...facts, ...beside].join(', ')
}

function versionOf(side: Side): string {
  const packages = {
    doorstep: '',
    pouchdb: 'pouchdb',
    automerge: '@automerge/automerge-repo',
    hocuspocus: '@hocuspocus/server',
  }
  const file = new URL(`../peers/node_modules/${packages[side]}/package.json`, import.meta.url)
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  } catch {
    return 'not installed'
  }
}
