/** Meters and alarms of made-up homes: weeks of days as a gateway would have summed them up, the same for one seed. */
import {
  addDays,
  builtinRules,
  expectOk,
  giveConsent,
  ok,
  raiseFinding,
  type Station,
  startOfDay,
  stationCalendar,
  type Value,
} from '@doorstep/core'

/** Enough for a band of similar homes, and for the four weeks before to be compared with. */
const METERED = 24
const DAYS = 70
const HOUR_MS = 3_600_000
/** What was found at the door with the alarm began so long ago. */
const DRY_HOURS = 26

export type PracticeMeters = {
  readonly grid: string
  readonly households: readonly string[]
  /** Where no water was used for a day, where some runs all night, and where the gas alarm expires. */
  readonly alarm: string
  readonly leak: string
  readonly expiring: string
}

export async function makeMeters(
  station: Station,
  { grid, households, alarm, leak, expiring }: PracticeMeters,
  roll: (below: number) => number,
): Promise<void> {
  const calendar = stationCalendar(station)
  const today = calendar.dayOf(station.now)
  const others = households.filter((one) => one !== alarm && one !== leak)
  const metered = [alarm, leak, ...others.slice(0, METERED - 2)]
  const dwellingOf = (household: string) => String(station.get(household)!.fields.dwelling)
  const meters = expectOk(
    await station.write('record.import', (book) => {
      const made = new Map<string, string>()
      for (const [at, household] of metered.entries()) {
        const address = String(990_000_000_000 + at)
        made.set(
          household,
          expectOk(
            book.create('device', grid, {
              set: {
                ...{ dwelling: dwellingOf(household), kind: 'water', protocol: 'cjt188', address },
                ...{ installedOn: addDays(today, -700), owner: 'utility', paidBy: 'utility' },
              },
            }),
          ),
        )
      }
      expectOk(
        book.create('device', grid, {
          set: {
            ...{ dwelling: dwellingOf(expiring), kind: 'gas-alarm', maker: '练习牌', priceYuan: 68 },
            ...{ installedOn: addDays(today, 20 - 5 * 365), owner: 'resident', paidBy: 'community' },
          },
        }),
      )
      return ok(made)
    }),
  ).value
  for (const household of metered)
    expectOk(
      await giveConsent(station, {
        ...{ subject: household, purpose: 'monitor-water', how: 'paper' },
        from: addDays(today, -DAYS),
      }),
    )
  expectOk(
    await station.write('device.read', (book) => {
      for (const [household, device] of meters) {
        const usual = 0.08 + roll(24) / 100
        let register = 100 + roll(400)
        const daily: Value[] = []
        for (let back = DAYS; back >= 1; back--) {
          const on = addDays(today, -back)
          const isDry = household === alarm && back === 1
          const use = isDry ? 0 : Math.round(usual * (70 + roll(60)) * 10) / 1000
          register = Math.round((register + use) * 1000) / 1000
          const nightLow = household === leak && back <= 4 ? 0.011 : 0
          daily.push({
            ...{ on, item: 'water', value: register, unit: 'm³', use, nightLow, untoldHours: 0 },
            ...{ dryHours: isDry ? 24 : 5 + roll(4), peakHour: 6 + roll(14) },
            readAt: new Date(startOfDay(calendar, addDays(on, 1)) - 60_000).toISOString(),
          })
        }
        expectOk(book.edit(device, { append: { daily } }))
      }
      return ok(null)
    }),
  )
  const rule = builtinRules.find(({ id }) => id === 'water-none-24h')!
  expectOk(
    await raiseFinding(
      station,
      {
        ...{ rule: rule.id, device: meters.get(alarm)!, state: 'raised' },
        sinceMs: station.now - DRY_HOURS * HOUR_MS,
        atMs: station.now,
        figures: { used: 0, hours: DRY_HOURS },
      },
      rule,
    ),
  )
}
