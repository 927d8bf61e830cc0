import type { Language } from './language.ts'

const HAN = /\p{Script=Han}/u

/**
 * `中文 · English`, as descriptions of commands are written, in the one language that is in use. What is not in two
 * languages stays as it is.
 */
export function oneLanguage(text: string, language: Language): string {
  const parts = text.split(/\s*·\s+/)
  for (let at = 1; at < parts.length; at++) {
    const [zh, en] = [parts.slice(0, at).join(' · '), parts.slice(at).join(' · ')]
    if (HAN.test(zh) && !HAN.test(parts[at]!)) return language === 'zh' ? zh : en
  }
  return text
}
