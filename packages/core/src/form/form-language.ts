import { fail, ok, type Result } from '../result.ts'
import type { FormCore } from './form-core.ts'

export type FormLanguage = {
  /** As the form names it, `中文 (zh)`. */
  readonly name: string
  /** BCP 47, where the name gives it away. */
  readonly tag: string | null
  readonly isDefault: boolean
}

export const languagesOf = (core: FormCore): readonly FormLanguage[] =>
  real(core).map(({ language, locale, isDefault }) => ({
    name: language,
    tag: locale?.baseName ?? null,
    isDefault,
  }))

/** By name, then by tag, then by the language alone (`en-GB` finds `English (en)`). */
export function chooseLanguage(core: FormCore, asked: string): Result<string> {
  const languages = real(core)
  const tag = asked.toLowerCase()
  const found =
    languages.find((one) => one.language === asked) ??
    languages.find((one) => one.locale?.baseName.toLowerCase() === tag) ??
    languages.find((one) => one.locale?.language === tag.split('-')[0])
  if (!found)
    return fail({
      type: 'language-unknown',
      language: asked,
      languages: languages.map((one) => one.language),
    })
  core.run(() => core.root.setLanguage(found))
  return ok(found.language)
}

const real = (core: FormCore) => core.root.languages.filter((one) => !one.isSyntheticDefault)
