/** Reads items of one meter over a bus, long answers in all their parts. */
import { fail, ok, type Result } from '@doorstep/core'
import type { AskOptions, Bus, BusProblem } from './bus.ts'
import type { DecodedFrame, Driver, Frame, Reading, ReadRequest } from './contract.ts'
import { driver as dlt645 } from './protocols/dlt645.ts'

export type ReadOptions = AskOptions & { readonly driver?: Driver }

/** `read` holds what had been read before the line failed. */
export type ReadInterrupted = {
  readonly type: 'read-interrupted'
  readonly cause: BusProblem
  readonly item: string
  readonly read: readonly Reading[]
}

/**
 * @param items ids of the protocol (DL/T 645: DI3…DI0 as eight hex digits); blocks give several readings
 * @returns readings in the order asked. An item the meter refuses, or whose value does not decode, is a reading
 *   with `value: null` and the reason in `missing`.
 */
export async function readMeter(
  bus: Bus,
  address: string,
  items: readonly string[],
  { driver = dlt645, ...how }: ReadOptions = {},
): Promise<Result<Reading[], ReadInterrupted>> {
  const read: Reading[] = []
  for (const item of items) {
    const asked: ReadRequest = { type: 'item', address, item }
    const frames = await askWhole(bus, driver, asked, how)
    if (!frames.ok) return fail({ type: 'read-interrupted', cause: frames.problem, item, read })
    const [first, ...rest] = frames.value
    const at = new Date(bus.clock.nowMs()).toISOString()
    read.push(...toReadings(driver, driver.decode(first, rest, asked), item, at))
  }
  return ok(read)
}

/** Asks the only meter on a line for its address (DL/T 645 function 13, CJ/T 188 function 03). */
export async function readAddress(
  bus: Bus,
  { driver = dlt645, ...how }: ReadOptions = {},
): Promise<Result<string, BusProblem>> {
  const answer = await bus.ask(driver, { type: 'address', address: driver.anyAddress }, how)
  if (!answer.ok) return answer
  const told = driver.decode(answer.value).items[0]?.value
  return ok(typeof told === 'string' ? told : answer.value.address)
}

async function askWhole<F extends Frame>(
  bus: Bus,
  driver: Driver<F>,
  question: ReadRequest,
  how: AskOptions,
): Promise<Result<[F, ...F[]], BusProblem>> {
  const first = await bus.ask(driver, question, how)
  if (!first.ok) return first
  const frames: [F, ...F[]] = [first.value]
  let next = driver.followUp(question, first.value)
  while (next !== null) {
    const answer = await bus.ask(driver, next, how)
    if (!answer.ok) return answer
    frames.push(answer.value)
    next = driver.followUp(next, answer.value)
  }
  return ok(frames)
}

function toReadings(driver: Driver, frame: DecodedFrame, item: string, at: string): Reading[] {
  const { protocol, address, error } = frame
  if (frame.items.length > 0)
    return frame.items.map((decoded) => ({ protocol, address, at, ...decoded, error }))
  const { name, unit } = driver.describeItem(item) ?? { name: { zh: item, en: item }, unit: '' }
  const missing = error?.type === 'device-refused' ? 'refused' : 'too-short'
  return [{ protocol, address, at, id: item, name, value: null, unit, raw: '', missing, error }]
}
