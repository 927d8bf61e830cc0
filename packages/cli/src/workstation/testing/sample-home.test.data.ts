/** A small founded home with impossible people, for tests of the workstation and for trying it by hand. */
import {
  addDays,
  createCommunity,
  expectOk,
  type HomeSecret,
  ok,
  type PassphraseCost,
  type Station,
  stationCalendar,
  type Value,
} from '@doorstep/core'

/** Cheap to unwrap: the real cost is measured elsewhere. */
const TEST_COST: PassphraseCost = { memoryKiB: 1024, passes: 1 }

export const SAMPLE_PASSPHRASE = 'sample-passphrase'

export async function createSampleHome(
  home: string,
  options: {
    readonly households: number
    readonly secret?: HomeSecret
    readonly now?: () => number
    readonly cost?: PassphraseCost
  },
): Promise<Station> {
  const station = expectOk(
    await createCommunity({
      home,
      secret: options.secret ?? { type: 'passphrase', text: SAMPLE_PASSPHRASE },
      community: '测试社区',
      member: '测试员甲',
      stationName: '甲的笔记本',
      grids: ['一号网格'],
      timeZone: 'Asia/Shanghai',
      cost: options.cost ?? TEST_COST,
      ...(options.now ? { now: options.now } : {}),
    }),
  )
  await fill(station, options.households)
  return station
}

const CATEGORIES: readonly (readonly string[])[] = [
  ['elderly-alone-80'],
  [],
  ['low-income'],
  [],
  ['empty-nest'],
  ['floating', 'rental'],
  [],
  ['disabled-elderly'],
]
const MINDS: readonly (string | null)[] = [
  '听力差,敲重些;有小狗',
  null,
  null,
  '门铃坏了,请敲门',
  null,
  null,
  null,
]

/** Four doors to a floor, three units to a building, six floors each. */
async function fill(station: Station, households: number): Promise<void> {
  const grid = station.spaces().find((space) => space.kind === 'grid')!.id
  const today = stationCalendar(station).dayOf(station.now)
  const buildings = new Map<string, string>()
  for (let from = 0; from < households; from += 100) {
    const visited: { household: string; on: string }[] = []
    const written = await station.write('record.import', (book) => {
      const create = (...given: Parameters<typeof book.create>) => expectOk(book.create(...given))
      for (let at = from; at < Math.min(households, from + 100); at++) {
        const number = Math.floor(at / 72) + 1
        const unit = Math.floor((at % 72) / 24) + 1
        const room = `${Math.floor((at % 24) / 4) + 1}0${(at % 4) + 1}`
        const door = `${number}-${unit}-${room}`
        let building = buildings.get(`${number}`)
        if (!building) {
          building = create('building', grid, { set: { name: `${number}幢`, street: '测试路 1 号' } })
          buildings.set(`${number}`, building)
        }
        const dwelling = create('dwelling', grid, { set: { building, unit: String(unit), room } })
        const mind = MINDS[at % MINDS.length] ?? null
        const household = create('household', grid, {
          set: {
            dwelling,
            name: `测试住户 ${door}`,
            phone: `1380000${String(1000 + at).padStart(4, '0')}`,
            mind,
            promise: at % 11 === 5 ? '带老花镜' : null,
          },
          add: { categories: CATEGORIES[at % CATEGORIES.length]! },
        })
        const person = create('person', grid, {
          set: { name: `测试人员 ${door}`, birthDate: '1944-05-01', phone: '13800009999' },
        })
        create('residence', grid, { set: { person, household, dwelling, state: 'present' } })
        if (at % 3 === 0) {
          const daily = Array.from({ length: 15 }, (_, day): Value => {
            const on = addDays(today, day - 15)
            return {
              on,
              item: '00010000',
              value: Math.round((1000 + day * 1.3 + (day % 4) * 0.4) * 10) / 10,
              unit: 'kWh',
              readAt: `${on}T23:00:00.000Z`,
            }
          })
          create('device', grid, { set: { dwelling, kind: 'electricity' }, append: { daily } })
        }
        if (at % 9 === 4) visited.push({ household, on: addDays(today, -9 - (at % 5)) })
      }
      return ok(undefined)
    })
    expectOk(written)
    const noted = await station.write('visit.record', (book) => {
      for (const { household, on } of visited)
        expectOk(
          book.create('visit', grid, {
            set: { household, outcome: 'met', on, mode: 'door', note: '一切正常' },
          }),
        )
      return ok(undefined)
    })
    expectOk(noted)
  }
}
