import encodeQR from 'qr'

/** Light modules around the code: what a scanner needs to find it (ISO/IEC 18004). */
const QUIET = 4
/** Black on white whatever the terminal's own colours are. */
const PAPER = '\u001b[38;5;16;48;5;231m'
const RESET = '\u001b[0m'

/** True is dark. Correction level L: a screen is clean, and the picture must be small. */
export const qrModules = (text: string): boolean[][] => encodeQR(text, 'raw', { ecc: 'low', border: QUIET })

/**
 * A QR code as lines of half blocks, two modules high each. Without colours the light modules are drawn, so that a
 * dark terminal shows it as it should be; a light one shows it inverted, which phones read too.
 */
export function qrLines(text: string, colour: boolean): string[] {
  const modules = qrModules(text)
  const lines: string[] = []
  for (let row = 0; row < modules.length; row += 2) {
    const [upper = [], lower = []] = [modules[row], modules[row + 1]]
    const cells = upper.map((dark, at) => half(dark === colour, (lower[at] ?? false) === colour)).join('')
    lines.push(colour ? `${PAPER}${cells}${RESET}` : cells)
  }
  return lines
}

const half = (upper: boolean, lower: boolean): string => (upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ')

/** The code, if stdout is a terminal with room for it, the lines below it and the cursor's; else nothing. */
export function qrOnTerminal(text: string, linesBelow: number): string[] {
  const { isTTY, columns = 0, rows = 0 } = process.stdout
  if (!isTTY) return []
  const lines = qrLines(text, !process.env.NO_COLOR)
  const width = qrModules(text).length
  return width <= columns && lines.length + linesBelow < rows ? lines : []
}
