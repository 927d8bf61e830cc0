/** Text to a key that sorts as people count: digits by value, 一号 before 十号, full-width like half-width. */
export function naturalKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[〇零一二三四五六七八九十百]+/gu, (numeral) => String(chineseNumber(numeral)))
    .replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(10, '0'))
}

const DIGITS = '〇一二三四五六七八九'

/** Up to 999, as buildings are numbered: 十二, 二十, 一百零三; a plain row of digits (二〇三) reads as one. */
function chineseNumber(numeral: string): number {
  if (!/[十百]/u.test(numeral))
    return Number([...numeral].map((sign) => Math.max(0, DIGITS.indexOf(sign))).join(''))
  let total = 0
  let digit = 0
  for (const sign of numeral) {
    const weight = sign === '百' ? 100 : sign === '十' ? 10 : 0
    if (weight > 0) {
      total += (digit || 1) * weight
      digit = 0
    } else digit = Math.max(0, DIGITS.indexOf(sign))
  }
  return total + digit
}
