import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdown } from './table.ts'

/** Where CPU time goes, by what the code is for. The first that fits holds. */
const GROUPS: readonly (readonly [group: string, place: RegExp])[] = [
  ['idle', /^\((idle|program)\)/],
  ['gc', /^\(garbage collector\)/],
  ['crypto', /node:internal\/crypto|src\/crypto\/|@noble|lan\/tls|_tls_wrap|sealed-socket/],
  ['zstd', /node:zlib/],
  ['SQLite', /src\/store\/|node:sqlite/],
  ['CBOR', /cborg|bytes\/cbor/],
  ['Yjs', /node_modules\/(yjs|lib0|y-protocols)|\/(yjs|lib0)@/],
  ['fold, projection', /src\/record\/|src\/records\/|trunk\/records/],
  ['admission', /src\/(trunk|log|membership|station|bytes)\//],
  ['meeting', /packages\/sync\/|node:(net|internal\/stream|internal\/streams|_http|tls)/],
  ['due lists, views', /src\/(work|view)\//],
  ['modules', /node:internal\/(modules|process)|node:vm|amaro|compileSourceTextModule|wrapSafe/],
]
const OTHER = 'other'

type Profile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** The share of each group in the time that every kind of step was not idle; native time counts for the function that called it. */
export function profileTable(folder: string): string {
  const bySteps = new Map<string, Map<string, number>>()
  const hot = new Map<string, Map<string, number>>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const step = file.replace(/-\d+\.cpuprofile$/, '')
    const shares = bySteps.get(step) ?? new Map<string, number>()
    const places = hot.get(step) ?? new Map<string, number>()
    bySteps.set(step, shares)
    hot.set(step, places)
    addProfile(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile, shares, places)
  }
  const names = [...GROUPS.map(([group]) => group).filter((group) => group !== 'idle'), OTHER]
  const rows = [...bySteps].map(([step, shares]) => {
    const total = names.reduce((sum, name) => sum + (shares.get(name) ?? 0), 0)
    const percent = (name: string) => ((100 * (shares.get(name) ?? 0)) / total).toFixed(0)
    return [step, (total / 1e6).toFixed(2), ...names.map((name) => `${percent(name)} %`)]
  })
  const table = markdown(
    [['step', 's', ...names], ...rows],
    new Set(Array.from({ length: names.length + 1 }, (_, n) => n + 1)),
  )
  return [table, ...[...hot].map(([step, places]) => hottest(step, places))].join('\n\n')
}

const HOTTEST = 8

function hottest(step: string, places: ReadonlyMap<string, number>): string {
  const first = [...places].sort((a, b) => b[1] - a[1]).slice(0, HOTTEST)
  return [
    `${step}:`,
    ...first.map(([place, us]) => `${(us / 1000).toFixed(0).padStart(7)} ms  ${place}`),
  ].join('\n')
}

function addProfile(
  { nodes, samples, timeDeltas }: Profile,
  shares: Map<string, number>,
  places: Map<string, number>,
): void {
  const frames = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const path = url.replace(/^file:\/\/.*\/(packages|bench|node_modules)\//, '$1/')
      const place = `${functionName || '(anonymous)'} ${path}${path ? `:${lineNumber + 1}` : ''}`
      return [
        id,
        { place, group: GROUPS.find(([, fits]) => fits.test(`${functionName} ${url}`))?.[0] ?? OTHER },
      ]
    }),
  )
  for (const [n, id] of samples.entries()) {
    const { place, group } = frames.get(id)!
    const microseconds = timeDeltas[n]!
    shares.set(group, (shares.get(group) ?? 0) + microseconds)
    if (group !== 'idle') places.set(place, (places.get(place) ?? 0) + microseconds)
  }
}
