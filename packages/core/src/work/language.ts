/** Everything a person reads exists in both. */
export type Language = 'zh' | 'en'

/** Picks from a label pair as record definitions hold them. */
export const labelIn = (label: readonly [zh: string, en: string], language: Language): string =>
  label[language === 'zh' ? 0 : 1]
