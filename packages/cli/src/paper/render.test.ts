import { expectOk, formById, formSheet } from '@doorstep/core'
import { extractText, getDocumentProxy } from 'unpdf'
import { expect, test } from 'vitest'
import { formPaper } from './form-paper.ts'
import { breakLines } from './layout.ts'
import { renderPaper } from './render.ts'

const CODE = '7K3M20QX8HTR'

/** Some three pages of it. */
const paper = async (language: 'zh' | 'en', name: string) => {
  const form = expectOk(await formSheet(formById('home-safety-check')!.xml, { language }))
  return formPaper({
    form: { ...form, parts: form.parts.slice(0, 20) },
    language,
    size: 18,
    code: CODE,
    household: { address: '1幢2单元301室', name },
    community: '示范社区',
    printedOn: '2026-11-26',
  })
}

const pagesOf = async (bytes: Uint8Array): Promise<string[]> => {
  const { text } = await extractText(await getDocumentProxy(Uint8Array.from(bytes)))
  return text.map((page) => page.replaceAll(/\s+/g, ''))
}

test('a form is printed in both languages with its code on every page, and all of it can be read again', async () => {
  const [zh, en] = [await paper('zh', '测试住户 1-2-301'), await paper('en', '测试住户 1-2-301')]
  const rendered = await renderPaper([zh, en], { title: 'test' })
  expect(rendered.missing).toEqual([])
  expect(rendered.bytes.length).toBeLessThan(400_000)
  const pages = await pagesOf(rendered.bytes)
  expect(pages).toHaveLength(rendered.pages)
  const split = pages.findIndex((text, at) => at > 0 && text.includes('Filledinon'))
  for (const page of pages) expect(page).toContain('7K3M-20QX-8HTR')
  const [chinese, english] = [pages.slice(0, split).join(''), pages.slice(split).join('')]
  for (const part of [
    '入户安全检查',
    '1幢2单元301室',
    '测试住户1-2-301',
    '只在第1题选“有隐患”时填',
    '整改期限应在一年以内',
  ])
    expect(chinese).toContain(part)
  for (const part of ['Onlyif1is"Hazard"', 'Filledinon', 'Household______________'])
    expect(english).toContain(part)
  expect(pages[0]).toContain(`1/${split}`)
  expect(pages.at(-1)).toContain(`${pages.length - split}/${pages.length - split}`)
  // Phones and identity numbers were never asked for.
  expect(pages.join('')).not.toMatch(/1[3-9]\d{9}|99\d{16}/)
})

test('a character that the typeface lacks is named, not lost in silence; practice is said on every page', async () => {
  const sheet = { ...(await paper('zh', '测试𬎆')), blocks: [] }
  const rendered = await renderPaper([sheet, sheet], { title: 'test', banner: '练习 PRACTICE' })
  expect(rendered.missing).toEqual(['𬎆'])
  const pages = await pagesOf(rendered.bytes)
  expect(pages).toHaveLength(2)
  for (const page of pages) {
    expect(page).toContain('测试〓')
    expect(page).toContain('练习PRACTICE')
  }
})

test('lines break where Chinese and English may, none is too wide, and no punctuation begins one', () => {
  const measure = (text: string) => [...text].reduce((sum, one) => sum + (one < '\u2e80' ? 0.5 : 1), 0)
  const text =
    '请在方框内打勾，燃气软管（含接头）是否老化？Look at the hose, and its joints. 超长无空格abcdefghijklmnopqrstuvwxyz0123456789。'
  const lines = breakLines(text, 8, measure)
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  for (const line of lines) {
    expect(measure(line)).toBeLessThanOrEqual(8)
    expect(line).not.toMatch(/^[，。？）]/)
    expect(line).not.toMatch(/（$/)
  }
})
