import type { BenchContext } from '../bench-context.ts'
import type { GroupResult, Row } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { BusInput, BusTimes } from '../steps/doorstep-bus.ts'

const METERS = 200
const DEAD = 5
const ROUNDS = 20
const REAL_READINGS = 40

/** Electricity meters on one line of 2400 baud, beside what the line allows. */
export async function measureBus(context: BenchContext): Promise<GroupResult> {
  const measure = async (what: string, input: BusInput) => {
    context.progress(what)
    const { value } = await runStep<BusTimes>('doorstep-bus', input)
    return { what, value }
  }
  const measured = [
    await measure('200 meters once, simulated time · 200 只表一轮', {
      meters: METERS,
      dead: 0,
      time: 'simulated',
      readings: METERS,
    }),
    await measure(`… ${DEAD} of them dead, ${ROUNDS} rounds · 其中 ${DEAD} 只不答`, {
      meters: METERS,
      dead: DEAD,
      time: 'simulated',
      readings: (METERS - DEAD) * ROUNDS,
    }),
    await measure(`… ${REAL_READINGS} of them in real time over TCP · 实时`, {
      meters: REAL_READINGS,
      dead: 0,
      time: 'real',
      readings: REAL_READINGS,
    }),
  ]
  const rows = measured.map(
    ({ what, value }): Row => ({
      group: 'bus',
      what,
      unit: 's',
      values: { doorstep: value.tookMs / 1000 },
      limit: { what: 'bytes on the wire and reply delays', value: value.limitMs / 1000 },
    }),
  )
  const shares = measured.map(({ value }) => `${((100 * value.limitMs) / value.tookMs).toFixed(1)} %`)
  const [, , real] = measured
  return {
    rows,
    notes: [
      `bus: DL/T 645, one register a meter, 2400 baud 8E1, meters that take 20 to 119 ms; of what the line allows ${shares.join(', ')}`,
      `bus: a reading in real time took ${(real!.value.cpuMs / real!.value.readings).toFixed(1)} ms of CPU, the simulated line and the start of the process included`,
    ],
  }
}
