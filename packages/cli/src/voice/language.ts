export type Language = 'zh' | 'en'

/** Two wordings of one thing, Chinese first as everywhere in this project. */
export type Words = readonly [zh: string, en: string]

export const say = (language: Language, words: Words): string => words[language === 'zh' ? 0 : 1]

/** `1 entry`, `2 entries`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** `--lang`, else DOORSTEP_LANG, else the locale; Chinese for zh-*, English for the rest. */
export function chooseLanguage(flag: string | undefined, env: NodeJS.ProcessEnv): Language {
  const chosen = flag ?? env.DOORSTEP_LANG
  if (chosen === 'zh' || chosen === 'en') return chosen
  const locale = env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh/i.test(locale) ? 'zh' : 'en'
}
