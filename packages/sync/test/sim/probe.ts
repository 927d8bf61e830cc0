import { runHistory } from './run.ts'
const [from, to] = [Number(process.argv[2]), Number(process.argv[3] ?? process.argv[2])]
const log = process.argv[4] === 'log' ? (l: string) => console.log(l) : undefined
const fails = new Map<string, number[]>()
const counts = new Map<string, number>()
const s = process.cpuUsage(); let worst = 0
const times: number[] = []
for (let seed = from; seed <= to; seed++) {
  const a = process.cpuUsage()
  const r = await runHistory(seed, { log })
  const b = process.cpuUsage(a)
  times.push((b.user + b.system) / 1000)
  if (process.env.V) console.log(seed, r.stations, r.steps, times.at(-1)!.toFixed(0), 'cpu')
  if (times.at(-1)! > 1500) console.log('slow', seed, times.at(-1), r.stations, r.steps)
  for (const [k, v] of r.counts) counts.set(k, (counts.get(k) ?? 0) + v)
  if (to === from) console.log(r.trace, r.stations, r.steps)
  if (r.failure) { const k = r.failure.text.split('\n').slice(0, process.argv[4] ? 12 : 3).join('\n').slice(0, process.argv[4] ? 3000 : 400); fails.set(`${r.failure.invariant} ${seed}`, []); console.log(`seed ${seed} (${r.stations} st, ${r.steps} steps): ${k}`) }
}
times.sort((a, b) => a - b)
console.log(`${times.length} histories, ${fails.size} failed; cpu ms median ${times[times.length >> 1]?.toFixed(0)} mean ${(times.reduce((x, y) => x + y, 0) / times.length).toFixed(0)} max ${times.at(-1)?.toFixed(0)}`)
console.log([...counts].sort((a, b) => b[1] - a[1]).map(([k, v]) => `${k}:${v}`).join(' · '))
