/** A made-up community with made-up trouble: one building, forty households, impossible people, the same for one seed. */
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addDays,
  createCommunity,
  createInvite,
  expectOk,
  grantRequest,
  type HomeSecret,
  joinWithInvite,
  ok,
  openErrand,
  openRecordSet,
  type Result,
  recordVisit,
  type Station,
  stationCalendar,
  stepErrand,
  takeClaim,
  type Value,
} from '@doorstep/core'
import { readBundle, writeBundle } from '@doorstep/sync'
import type { Language } from '../voice/language.ts'
import { makeMeters } from './make-meters.ts'
import { keepPlan, type PracticePlan } from './plan.ts'

export type MakePractice = {
  readonly home: string
  readonly secret: HomeSecret
  readonly language: Language
  readonly seed?: number
}

const UNITS = 2
const FLOORS = 5
const ROOMS = 4
const CATEGORIES = ['elderly-alone-80', 'low-income', 'severely-disabled', 'floating', 'empty-nest'] as const
/** Prefix of a division that there is not: no real person can have such a number. */
const IMPOSSIBLE = '990000'
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** mulberry32: small, and the same everywhere. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

function idNumber(roll: (below: number) => number): string {
  const two = (from: number, count: number) => String(from + roll(count)).padStart(2, '0')
  const body = `${IMPOSSIBLE}19${two(30, 60)}${two(1, 12)}${two(1, 28)}${String(roll(1000)).padStart(3, '0')}`
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}

/** Founds it and fills it; the home of the colleague who works apart is made beside it, and thrown away. */
export async function makePractice(input: MakePractice): Promise<Result<Station>> {
  const seed = input.seed ?? randomInt(1_000_000)
  const roll = dice(seed)
  const zh = input.language === 'zh'
  const founded = await createCommunity({
    home: input.home,
    secret: input.secret,
    community: zh ? '练习社区' : 'Practice community',
    member: zh ? '练习员' : 'Trainee',
    grids: [zh ? '练习网格' : 'Practice grid'],
    practice: true,
  })
  if (!founded.ok) return founded
  const station = founded.value
  const grid = station.spaces().find(({ kind }) => kind === 'grid')!.id
  const households = await furnish(station, grid, roll)
  const today = stationCalendar(station).dayOf(station.now)
  // Which door has which trouble; no door has two.
  const doors = [...households.keys()]
  const draw = () => households[doors.splice(roll(doors.length), 1)[0]!]!
  const [visit, absent, tail, conflict, double, phone, alarm, errand, paper] = Array.from({ length: 9 }, draw)
  const plan: PracticePlan = {
    seed,
    startedMs: station.now,
    doors: {
      visit: visit!,
      absent: absent!,
      tail: tail!,
      conflict: conflict!,
      double: double!,
      phone: phone!,
      alarm: alarm!,
      errand: errand!,
      paper: paper!,
    },
    phones: {
      tail: `0000000${String(1000 + roll(9000))}`,
      right: `000${String(10_000_000 + roll(90_000_000))}`,
    },
  }
  const { phones } = plan
  const edit = (household: string, set: Record<string, Value>, add: readonly string[] = []) =>
    station.write('record.edit', (book) => book.edit(household, { set, add: { categories: add } }))
  expectOk(
    await edit(visit!, { mind: zh ? '耳背,敲重些' : 'Hard of hearing, knock loudly' }, ['elderly-alone-80']),
  )
  expectOk(await edit(absent!, {}, ['elderly-alone-80']))
  expectOk(await edit(tail!, { phone: phones.tail }))
  expectOk(
    await edit(phone!, {
      phone: phones.right.slice(0, -1),
      note: zh
        ? `电话少了一位,应是 ${phones.right}`
        : `The phone lacks a digit, it should be ${phones.right}`,
    }),
  )
  for (const household of [visit!, absent!])
    expectOk(await recordVisit(station, { household, outcome: 'met', on: addDays(today, -9 - roll(5)) }))
  // Dice of their own: the doors stay where they were for a seed.
  await makeMeters(
    station,
    { grid, households, alarm: alarm!, leak: tail!, expiring: visit! },
    dice(seed + 1),
  )
  const asked = expectOk(
    await openErrand(station, {
      household: errand!,
      kind: 'allowance',
      what: zh ? '高龄津贴申请' : 'Allowance for the old',
      dueOn: addDays(today, 3),
    }),
  )
  expectOk(await stepErrand(station, { errand: asked.errand, step: 'accept' }))
  expectOk(await stepErrand(station, { errand: asked.errand, step: 'appoint', on: today }))
  await workApart(station, grid, { conflict: conflict!, double: double! }, zh)
  keepPlan(station, { ...plan, startedMs: station.now })
  return ok(station)
}

async function furnish(station: Station, grid: string, roll: (below: number) => number): Promise<string[]> {
  const written = await station.write('record.import', (book) => {
    const building = expectOk(book.create('building', grid, { set: { name: '1幢', storeys: FLOORS } }))
    const households: string[] = []
    for (let unit = 1; unit <= UNITS; unit++)
      for (let floor = 1; floor <= FLOORS; floor++)
        for (let at = 1; at <= ROOMS; at++) {
          const room = `${floor}0${at}`
          const dwelling = expectOk(
            book.create('dwelling', grid, { set: { building, unit: String(unit), floor, room } }),
          )
          const name = `练习住户 1-${unit}-${room}`
          const category = roll(5) < 2 ? [CATEGORIES[roll(CATEGORIES.length)]!] : []
          const phone = `000${String(10_000_000 + roll(90_000_000))}`
          const household = expectOk(
            book.create('household', grid, { set: { dwelling, name, phone }, add: { categories: category } }),
          )
          const person = expectOk(
            book.create('person', grid, {
              set: { name, idNumber: idNumber(roll), gender: roll(2) ? 'male' : 'female' },
            }),
          )
          expectOk(
            book.create('residence', grid, {
              set: { person, dwelling, household, relation: 'head', state: 'present' },
            }),
          )
          households.push(household)
        }
    return ok(households)
  })
  return expectOk(written).value
}

/** Two who did not know of each other: one phone number said twice, and one door claimed by both. */
async function workApart(
  station: Station,
  grid: string,
  { conflict, double }: { readonly conflict: string; readonly double: string },
  zh: boolean,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-practice-'))
  const file = join(folder, 'carried.bundle')
  try {
    const name = zh ? '同事' : 'Colleague'
    const invite = expectOk(createInvite(station, { role: 'worker', name, grids: [grid] }))
    const { station: colleague, request } = expectOk(
      joinWithInvite(
        join(folder, 'home'),
        { type: 'key', bytes: crypto.getRandomValues(new Uint8Array(32)) },
        invite,
        { stationName: zh ? '同事的笔记本' : 'Laptop of the colleague' },
      ),
    )
    try {
      expectOk(await grantRequest(station, request))
      expectOk(await writeBundle(station, file))
      expectOk(await readBundle(colleague, file))
      for (const [one, phone] of [
        [station, '00011112222'],
        [colleague, '00033334444'],
      ] as const) {
        expectOk(await one.write('record.edit', (book) => book.edit(conflict, { set: { phone } })))
        expectOk(
          await takeClaim(one, openRecordSet(one, { follow: false }), { place: { household: double } }),
        )
      }
      expectOk(await writeBundle(colleague, file))
      expectOk(await readBundle(station, file))
    } finally {
      await colleague.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
