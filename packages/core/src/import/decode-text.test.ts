import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodeText } from './decode-text.ts'
import { bytesOf } from './register.test.data.ts'

const TEXT = '楼栋,户名\n1,测试户 1-1-301\n'
const gb = (text: string) => new Uint8Array(iconv.encode(text, 'gb18030'))

describe('decodeText', () => {
  it('reads UTF-8 with and without a byte order mark', () => {
    for (const bytes of [bytesOf(TEXT), bytesOf(`\ufeff${TEXT}`)])
      expect(decodeText(bytes, null)).toEqual({ ok: true, value: { text: TEXT, encoding: 'utf-8' } })
  })

  it('recognises what a Chinese spreadsheet saves, four-byte characters included', () => {
    const text = `${TEXT}2,𠮷\n`
    expect(decodeText(gb(text), null)).toEqual({ ok: true, value: { text, encoding: 'gb18030' } })
    expect(decodeText(gb(text), 'gb18030')).toEqual({ ok: true, value: { text, encoding: 'gb18030' } })
    expect(decodeText(new Uint8Array(iconv.encode(TEXT, 'gbk')), null)).toMatchObject({
      value: { text: TEXT },
    })
  })

  it('names the line where bytes are not what was declared', () => {
    expect(decodeText(gb(TEXT), 'utf-8')).toEqual({
      ok: false,
      problem: { type: 'wrong-encoding', declared: 'utf-8', row: 1 },
    })
    const broken = new Uint8Array([...bytesOf('a\nb\n'), 0x81, 0x20, 0x0a])
    expect(decodeText(broken, 'gb18030')).toEqual({
      ok: false,
      problem: { type: 'wrong-encoding', declared: 'gb18030', row: 3 },
    })
  })

  it('does not read UTF-8 as the GB18030 that was declared', () => {
    for (const text of [TEXT, `\ufeff${TEXT}`])
      expect(decodeText(bytesOf(text), 'gb18030')).toEqual({
        ok: false,
        problem: { type: 'wrong-encoding', declared: 'gb18030', found: 'utf-8' },
      })
    expect(decodeText(bytesOf('plain,ascii\n'), 'gb18030')).toMatchObject({ ok: true })
  })

  it('does not take Western accents for Chinese', () => {
    const latin = new Uint8Array(Buffer.from('nom\nHélène Lefèbvre\n', 'latin1'))
    expect(decodeText(latin, null)).toEqual({ ok: false, problem: { type: 'unknown-encoding', row: 2 } })
  })

  it('says what was handed in instead of a CSV', () => {
    const problem = (bytes: number[]) => decodeText(new Uint8Array(bytes), null)
    expect(problem([])).toEqual({ ok: false, problem: { type: 'empty-file' } })
    expect(problem([0x50, 0x4b, 3, 4, 0])).toMatchObject({ problem: { type: 'not-a-csv', found: 'xlsx' } })
    expect(problem([0xd0, 0xcf, 0x11, 0xe0])).toMatchObject({ problem: { found: 'xls' } })
    expect(problem([0xff, 0xfe, 0x61, 0])).toMatchObject({ problem: { found: 'utf-16' } })
    expect(problem([0x61, 0, 0x62])).toMatchObject({ problem: { found: 'binary' } })
  })
})
