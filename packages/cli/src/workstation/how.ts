import type { RecordVisit, Station } from '@doorstep/core'
import type { Words } from '../voice/language.ts'

type VisitMode = NonNullable<RecordVisit['mode']>

/** How a visit is made: at the door, by phone, or typed in from a sheet that was filled in on another day. */
export type How = {
  readonly mode: VisitMode
  /** YYYY-MM-DD; null is today. */
  readonly on: string | null
  /** The code of the sheet. */
  readonly sheet: string | null
  /** Though it was typed in before. */
  readonly again: boolean
}

export const AT_DOOR: How = { mode: 'door', on: null, sheet: null, again: false }

/** In person, by phone, by video, on paper: what one key goes through. Remote monitoring is nobody's visit. */
const MODES: readonly VisitMode[] = ['door', 'phone', 'video', 'paper']

export const turned = (how: How): How =>
  // A sheet stays a sheet.
  how.sheet === null ? { ...how, mode: MODES[(MODES.indexOf(how.mode) + 1) % MODES.length]! } : how

const NAMES: Readonly<Record<VisitMode, Words>> = {
  door: ['上门', 'at the door'],
  phone: ['电话', 'by phone'],
  video: ['视频', 'by video'],
  paper: ['纸面', 'on paper'],
  remote: ['远程监测', 'remote'],
}

export const howWords = ({ mode, on }: How): Words => {
  const [zh, en] = NAMES[mode]
  return on === null ? [zh, en] : [`${zh},${on} 填的`, `${en}, filled in on ${on}`]
}

/** As recordVisit takes it. */
export const howGiven = ({ mode, on, sheet, again }: How) => ({
  mode,
  ...(on === null ? {} : { on }),
  ...(sheet === null ? {} : { sheet, again }),
})

const draftId = (household: string): string => `visit-how/${household}`

/** Beside the half-filled form, so that what is typed in after a crash is still of the day that the sheet says. */
export const keepHow = (station: Station, household: string, how: How): void =>
  station.putDraft(draftId(household), how)
export const dropHow = (station: Station, household: string): void => station.dropDraft(draftId(household))
export const keptHow = (station: Station, household: string): How | null =>
  (station.draft(draftId(household))?.value as How | undefined) ?? null
