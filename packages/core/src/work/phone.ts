/** What a phone number looks like on the mainland. Nothing is refused for it: a number may be foreign, or new. */

export type PhoneKind = 'mobile' | 'landline' | 'short' | 'service' | 'abroad'

/** Digits alone, without the ways of writing +86 and the dashes; an extension stays out. */
export const phoneDigits = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\s*(?:转|ext\.?|x|#|,).*$/iu, '')
    .replace(/[^\d+]/g, '')
    .replace(/^(?:\+|00)86/, '')

/** Null when it is none of those that are dialled here: a digit too many, letters, a landline without its length. */
export function phoneKind(text: string): PhoneKind | null {
  if (!/^[\d\s+()（）\-－—.]+(?:\s*(?:转|ext\.?|x|#|,)\s*\d{1,6})?$/iu.test(text.normalize('NFKC').trim()))
    return null
  const digits = phoneDigits(text)
  if (/^1[3-9]\d{9}$/.test(digits)) return 'mobile'
  // 010, 02x with eight digits, the rest of the country with seven or eight.
  if (/^0(?:10|2\d)[2-8]\d{7}$|^0[3-9]\d{2}[2-8]\d{6,7}$|^[2-8]\d{6,7}$/.test(digits)) return 'landline'
  if (/^(?:400|800)\d{7}$/.test(digits)) return 'service'
  // 110, 12345, 95588, and the short numbers of a group.
  if (/^\d{3,6}$/.test(digits)) return 'short'
  return /^\+[1-9]\d{6,14}$/.test(digits) ? 'abroad' : null
}
