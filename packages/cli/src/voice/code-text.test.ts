import { parsePairingInput } from '@doorstep/sync'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import type { HeldCode } from '../station/hold-code.ts'
import { codeLines } from './code-text.ts'

const parsed = parsePairingInput('0'.repeat(16))
if (!parsed.ok) throw new Error('sixteen zeros are a code')
const opened: HeldCode = {
  held: {
    code: parsed.value.code,
    listening: { host: '0.0.0.0', port: 65_535 },
    ended: new Promise(() => {}),
    close: async () => {},
  },
  addresses: ['192.168.100.200:65535'],
  uri: '',
}

test.each(['丙', '一个名字特别特别长的测试员', 'A tester with a very long name'])(
  'the lines below a QR code fit 80 columns in both languages, for %s',
  (name) => {
    for (const words of codeLines(opened, name, 1440))
      for (const line of words) expect(stringWidth(line)).toBeLessThanOrEqual(80)
  },
)

test('without any address of its own, the place of one is shown with the port', () => {
  const [, there] = codeLines({ ...opened, addresses: [] }, '丙', 15)
  expect(there![1]).toContain('--peer HOST:65535')
})
