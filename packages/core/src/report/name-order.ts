import { compareNaturally } from '../import/natural-order.ts'

const DIGITS = '零一二三四五六七八九'
const NUMBER = /([一二三四五六七八九]?)十([一二三四五六七八九]?)|[一二三四五六七八九]/g

/** 一号, 二号, 三号, … 十号, 十一号: numbers up to 99 that are written in Chinese count as numbers. */
export const compareNames = (a: string, b: string): number =>
  compareNaturally(inDigits(a), inDigits(b)) || compareNaturally(a, b)

const inDigits = (name: string): string =>
  name.replace(NUMBER, (all, tens?: string, ones?: string) =>
    all.includes('十')
      ? String(10 * (tens ? DIGITS.indexOf(tens) : 1) + (ones ? DIGITS.indexOf(ones) : 0))
      : String(DIGITS.indexOf(all)),
  )
