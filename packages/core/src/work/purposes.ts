/** What personal data may be used for, as data. What the purposes are called is in records/consent.ts. */
import type { consent } from '../records/consent.ts'

export type Purpose = keyof typeof consent.fields.purpose.choices

type PurposeRule = {
  /** Sensitive data (PIPL 28): consent is given for this alone (29), for a child under 14 by a guardian (31). */
  readonly sensitive: boolean
  /** What holds where nothing is written: monitoring a home is refused, a phone call is not. */
  readonly unsaid: 'refused' | 'allowed'
}

const MONITORING: PurposeRule = { sensitive: true, unsaid: 'refused' }

export const purposes: Readonly<Record<Purpose, PurposeRule>> = {
  'monitor-electricity': MONITORING,
  'monitor-water': MONITORING,
  'monitor-gas': MONITORING,
  'monitor-heat': MONITORING,
  'monitor-smoke': MONITORING,
  'monitor-gas-alarm': MONITORING,
  'monitor-door': MONITORING,
  'monitor-button': MONITORING,
  'monitor-other': MONITORING,
  /** Care rules with shorter windows, and a call at any hour: its own consent, beside that for each kind of device. */
  'watch-closely': MONITORING,
  photos: { sensitive: true, unsaid: 'refused' },
  'share-with-partner': { sensitive: false, unsaid: 'refused' },
  'phone-visits': { sensitive: false, unsaid: 'allowed' },
  'health-notes': { sensitive: true, unsaid: 'refused' },
}

export const isPurpose = (text: unknown): text is Purpose =>
  typeof text === 'string' && Object.hasOwn(purposes, text)

/** The purpose of reading a kind of device: each kind is consented to by itself. */
export const monitoringOf = (kind: unknown): Purpose => {
  const purpose = `monitor-${String(kind)}`
  return isPurpose(purpose) ? purpose : 'monitor-other'
}
