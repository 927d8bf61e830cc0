import { expect, test } from 'vitest'
import { mindLabel, mindOf, minds } from './minds.ts'

test('what is to be minded is known by its code and by its name in either language; own words stay', () => {
  for (const [code, [zh, en]] of Object.entries(minds))
    for (const typed of [code, zh, en, ` ${en.toUpperCase()} `]) expect(mindOf(typed)).toBe(code)
  expect([mindLabel('dog', 'zh'), mindLabel('dog', 'en')]).toEqual(['有狗', 'Dog'])
  for (const own of ['门口有台阶', 'constructor', '__proto__']) expect(mindLabel(mindOf(own), 'en')).toBe(own)
})
