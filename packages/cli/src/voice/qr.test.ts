import jsQR from 'jsqr'
import { describe, expect, it } from 'vitest'
import { qrLines, qrModules } from './qr.ts'

const decode = jsQR as unknown as typeof jsQR.default
/** The longest that is shown: a code and three addresses with ports. */
const LONGEST = `DOORSTEP:JOIN/4K7Q0RXDAAAABBBB${'/192.168.100.200:65535'.repeat(3)}`
const SHORT = 'DOORSTEP:JOIN/4K7Q0RXDAAAABBBB/192.168.1.20'
/** Pixels a module; a decoder wants more than one. */
const SCALE = 4

/** What a camera sees of a picture of modules; `isDark` true is black. */
function read(modules: readonly (readonly boolean[])[]): string | undefined {
  const [height, width] = [modules.length * SCALE, modules[0]!.length * SCALE]
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const shade = modules[Math.floor(y / SCALE)]![Math.floor(x / SCALE)] ? 0 : 255
      pixels.set([shade, shade, shade, 255], (y * width + x) * 4)
    }
  return decode(pixels, width, height)?.data
}

/** What a terminal shows of the lines: half blocks are in the foreground's colour. */
function shown(lines: readonly string[], foregroundIsDark: boolean): boolean[][] {
  const isDrawn = { '█': [true, true], '▀': [true, false], '▄': [false, true], ' ': [false, false] } as const
  return lines.flatMap((line) => {
    const cells = [...line.replace(/\u001b\[[\d;]*m/g, '')]
    return [0, 1].map((half) =>
      cells.map((cell) => isDrawn[cell as keyof typeof isDrawn][half]! === foregroundIsDark),
    )
  })
}

describe('a QR code in the terminal', () => {
  it.each([SHORT, LONGEST])('decodes again to the same text, from its modules: %s', (text) => {
    expect(read(qrModules(text))).toBe(text)
  })

  it.each([SHORT, LONGEST])(
    'decodes from its half blocks: in colour, and without on dark and on light: %s',
    (text) => {
      expect(read(shown(qrLines(text, true), true))).toBe(text)
      expect(read(shown(qrLines(text, false), false))).toBe(text)
      expect(read(shown(qrLines(text, false), true))).toBe(text)
    },
  )

  it('fits 80x24 with two lines of text and the cursor’s, the longest too', () => {
    const lines = qrLines(LONGEST, false)
    expect(lines.length + 2).toBeLessThan(24)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('asks for no colours without colour, and sets both with', () => {
    expect(qrLines(SHORT, false).join('')).toMatch(/^[█▀▄ ]+$/)
    for (const line of qrLines(SHORT, true))
      expect(line).toMatch(/^\u001b\[38;5;16;48;5;231m[█▀▄ ]+\u001b\[0m$/)
  })
})
