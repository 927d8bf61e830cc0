import {
  fail,
  type HomeSheet,
  homeSheet,
  ok,
  openRecordSet,
  openSeries,
  type Point,
  type Projection,
  type RecordSet,
  type Result,
  type SeriesStore,
  type Station,
  startOfDay,
  stationCalendar,
} from '@doorstep/core'
import type { SheetFrame } from '../voice/home-sheet-words.ts'
import type { Language } from '../voice/language.ts'
import { officeContact } from './office-contact.ts'

export type SheetHere = { readonly sheet: HomeSheet; readonly frame: SheetFrame }

/**
 * A home's sheet as this station can make it: from the records of its grid, and of today from the readings, where this
 * is the gateway that keeps them.
 */
export async function sheetOf(
  station: Station,
  household: Pick<Projection, 'id' | 'space'>,
  language: Language,
  set: RecordSet = openRecordSet(station, { follow: false, spaces: [household.space] }),
): Promise<Result<SheetHere>> {
  const calendar = stationCalendar(station)
  const on = calendar.dayOf(station.now)
  const series = openSeries(station, { mustExist: true })
  // A laptop has none; where they cannot be read, the rest is told all the same.
  const readings = series.ok ? series.value : null
  const sheet = homeSheet(set, household.id, {
    ...{ on, nowMs: station.now, language },
    ...(readings
      ? {
          today: (device, signal) =>
            usedSince(readings, device, signal, startOfDay(calendar, on), station.now),
        }
      : {}),
  })
  await readings?.close()
  if (!sheet) return fail({ type: 'no-such-record', id: household.id, wanted: 'household' })
  return ok({ sheet, frame: sheetFrame(station, language) })
}

export function sheetFrame(station: Station, language: Language): SheetFrame {
  const { timeZone } = stationCalendar(station)
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' })
  return { language, contact: officeContact(station), clock: (ms) => format.format(ms) }
}

/** What a register moved since midnight, as far as the last reading tells. */
function usedSince(
  series: SeriesStore,
  device: string,
  signal: Parameters<SeriesStore['uses']>[1],
  fromMs: number,
  nowMs: number,
): Point | null {
  const last = series.points(device, signal, fromMs, nowMs).at(-1)
  if (!last || last.atMs <= fromMs) return null
  const [use = null] = series.uses(device, signal, fromMs, last.atMs, last.atMs - fromMs)
  return use === null ? null : { atMs: last.atMs, value: use }
}
