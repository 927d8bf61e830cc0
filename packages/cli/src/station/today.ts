import { type Station, stationCalendar } from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import type { Told } from '../voice/sync-text.ts'
import { instantWords, type Today } from '../voice/time.ts'

/** Today as the community counts days, wherever this machine stands. */
export function todayOf(station: Station, language: Language): Today {
  const calendar = stationCalendar(station)
  return { today: calendar.dayOf(station.now), timeZone: calendar.timeZone, language }
}

/** For what is told with its age. */
export function toldBy(station: Station, language: Language): Told {
  const today = todayOf(station, language)
  return { language, nowMs: station.now, when: (ms) => instantWords(ms, today) }
}
