/** What is to be minded at a door, in words every screen knows; other words of a community are shown as written. */
import { type Language, labelIn } from './language.ts'

export const minds = {
  dog: ['有狗', 'Dog'],
  hearing: ['听力差', 'Hard of hearing'],
  sight: ['视力差', 'Poor sight'],
  dialect: ['只说方言', 'Dialect only'],
  mobility: ['行动慢,多等一会', 'Slow to the door, wait'],
  bedridden: ['卧床', 'Bedridden'],
  bell: ['门铃坏,敲门', 'Bell broken, knock'],
  temper: ['易激动,两人去', 'Easily upset, go in twos'],
  night: ['白天睡觉', 'Sleeps by day'],
} as const satisfies Readonly<Record<string, readonly [zh: string, en: string]>>

/** What somebody types for one of them, in either language; their own words stay as they are. */
export const mindOf = (text: string): string => {
  const word = text.trim()
  const known = Object.entries(minds).find(([code, labels]) =>
    [code, ...labels].some((one) => one.toLowerCase() === word.toLowerCase()),
  )
  return known?.[0] ?? word
}

export const mindLabel = (mind: string, language: Language = 'zh'): string =>
  Object.hasOwn(minds, mind) ? labelIn(minds[mind as keyof typeof minds], language) : mind
