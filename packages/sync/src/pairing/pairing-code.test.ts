import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPairingCode, groupedCode, parsePairingCode } from './pairing-code.ts'
import { pairingUri, parsePairingInput } from './pairing-uri.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const anyCode = fc.uint8Array({ minLength: 14, maxLength: 14 }).map((bytes) => createPairingCode(() => bytes))
const fewer = { numRuns: 100 }

test('a code is 16 characters in fours, two of them public, and reads back however it is typed', () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      const typed = groupedCode(code)
      expect(typed).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
      const fullWidth = [...code.text].map((char) => String.fromCodePoint(char.codePointAt(0)! + 0xfee0))
      const slips = code.text.replaceAll('0', 'o').replaceAll('1', 'l').toLowerCase()
      for (const text of [typed, code.text, ` ${typed.toLowerCase()}\n`, fullWidth.join(''), slips])
        expect(parsePairingCode(text)).toEqual({ ok: true, value: code })
      expect(code.text).toBe(`${code.rendezvous}${code.secret}${code.text.slice(14)}`)
      expect([code.rendezvous.length, code.secret.length]).toEqual([2, 12])
    }),
    fewer,
  )
})

test('any one or two wrong characters are told, so any two that changed places too', () => {
  const { text } = createPairingCode(() => Uint8Array.from({ length: 14 }, (_, at) => at * 37))
  const put = (at: number, char: string, into: string) => into.slice(0, at) + char + into.slice(at + 1)
  let tried = 0
  for (let one = 0; one < 16; one++)
    for (const first of ALPHABET) {
      if (first === text[one]) continue
      const once = put(one, first, text)
      expect(parsePairingCode(once).ok).toBe(false)
      for (let two = one + 1; two < 16; two++)
        for (const second of ALPHABET) {
          if (second === text[two]) continue
          tried++
          if (parsePairingCode(put(two, second, once)).ok) throw new Error(`${text} and ${once}, ${second}`)
        }
    }
  expect(tried).toBe(((16 * 15) / 2) * 31 * 31)
})

test.each(['', '4K7Q', 'U'.repeat(16), '测'.repeat(16), '0'.repeat(1000), '😀'.repeat(16)])(
  'no code: %j',
  (text) => {
    expect(parsePairingCode(text)).toMatchObject({ ok: false, problem: { type: 'code-mistyped' } })
  },
)

test('the text of a QR code gives code and addresses, in capitals or as a scanner types them', () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      const addresses = [
        '192.168.100.200:7345',
        '10.0.0.7:41234',
        'grid.local:7345',
        '10.0.0.8:1',
        '[fe80::1]:7345',
      ]
      const uri = pairingUri({ code, addresses })
      expect(uri).toMatch(/^[0-9A-Z $%*+\-./:]+$/)
      for (const typed of [uri, uri.toLowerCase(), `${uri}\r\n`])
        expect(parsePairingInput(typed)).toEqual({
          ok: true,
          value: { code, addresses: ['192.168.100.200', '10.0.0.7:41234', 'grid.local'] },
        })
      expect(parsePairingInput(groupedCode(code))).toEqual({ ok: true, value: { code, addresses: [] } })
    }),
    fewer,
  )
  expect(parsePairingInput('doorstep:join/').ok).toBe(false)
  expect(parsePairingInput('https://example.invalid/').ok).toBe(false)
})
