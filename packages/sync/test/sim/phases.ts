import { checkAll } from './check.ts'
import { heal, quiet } from './quiet.ts'
import { takeStep } from './steps.ts'
import { World } from './world.ts'
import { sizeOf } from './run.ts'
const sum: Record<string, number> = {}
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 }
for (let seed = 203; seed < 218; seed++) {
  const { stations, steps } = sizeOf(seed)
  if (stations > 4 || steps > 20) continue
  let at = cpu()
  const lap = (n: string) => { const now = cpu(); if (seed > 206) sum[n] = (sum[n] ?? 0) + now - at; at = now }
  const w = await World.create(seed, { stations })
  lap('create')
  try {
  for (let s = 0; s < steps; s++) { w.begin(s); await takeStep(w, s) }
  lap('steps')
  w.begin(steps); await heal(w); lap('heal'); await quiet(w); lap('quiet'); checkAll(w); lap('check')
  } catch (e) { console.log(seed, String(e).slice(0, 200)) }
  await w.close(); lap('close'); sum.n = (sum.n ?? 0) + 1
}
console.log(sum)
