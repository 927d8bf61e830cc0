import { describe, expect, it } from 'vitest'
import { parsePairs } from './flags.ts'
import { GivenText } from './station/given-text.ts'
import { parseLine } from './station/line-address.ts'
import { parseFields } from './station/typed-fields.ts'

describe('what is typed', () => {
  it('is cut at the first equals sign; without one it is wrong use', () => {
    expect(parsePairs('--set', ['note=a=b', 'mind='])).toEqual({ note: 'a=b', mind: '' })
    expect(() => parsePairs('--set', ['note'])).toThrow('NAME=VALUE')
    expect(() => parsePairs('--set', ['=x'])).toThrow('NAME=VALUE')
  })

  it('becomes the field it names, by name or by label, empty to clear', () => {
    expect(parseFields('household', { 当心: '有小狗', Phone: '000-0000-0001', note: ' ' })).toEqual({
      ok: true,
      value: { mind: '有小狗', phone: '000-0000-0001', note: null },
    })
    expect(parseFields('dwelling', { floor: 'third' })).toMatchObject({
      problem: { field: 'floor', rule: 'integer' },
    })
    expect(parseFields('household', { colour: 'red' })).toMatchObject({ problem: { rule: 'unknown-field' } })
  })

  it('is itself, a file, or a text that begins with an at-sign', async () => {
    const given = new GivenText()
    expect(await given.value('138')).toEqual({ ok: true, value: '138' })
    expect(await given.value('@@home')).toEqual({ ok: true, value: '@home' })
    expect(await given.value('@no-such-file')).toMatchObject({
      problem: { type: 'file-unreadable', code: 'ENOENT' },
    })
  })

  it('is an address of a line only with its port', () => {
    expect(parseLine('192.168.1.30:8899')).toEqual({ ok: true, value: { host: '192.168.1.30', port: 8899 } })
    expect(parseLine('[::1]:0')).toEqual({ ok: true, value: { host: '::1', port: 0 } })
    for (const wrong of ['192.168.1.30', ':80', 'host:99999', '::1:80'])
      expect(parseLine(wrong)).toMatchObject({ problem: { type: 'bad-line-address' } })
  })
})
