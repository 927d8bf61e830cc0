/** @jsxRuntime automatic */
import { Box, type DOMElement, useStdout } from 'ink'
import Image, { InkPictureProvider, type TerminalInfo, usePosition, useTerminalInfo } from 'ink-picture'
import { useEffect, useRef, useState } from 'react'
import { drawPicture, type PixelProtocol } from './draw-picture.ts'

/** What a picture takes on the screen, in cells, and what it is called where none can be shown. */
export type PictureProps = {
  /** PNG. */
  readonly image: Buffer
  readonly columns: number
  readonly rows: number
  readonly alt: string
  /** Called once the terminal was asked what it can draw, which wipes the last row. Must stay the same function. */
  readonly onAsked?: () => void
}

/** By the Kitty, iTerm or Sixel protocol where the terminal says that it has one, else of half blocks. */
export function Picture(props: PictureProps) {
  return (
    <Box width={props.columns} height={props.rows} overflow="hidden">
      <InkPictureProvider {...(props.onAsked ? { onTerminalInfoDetection: props.onAsked } : {})}>
        <Best {...props} />
      </InkPictureProvider>
    </Box>
  )
}

function Best(props: PictureProps) {
  const protocol = pixelProtocol(useTerminalInfo())
  if (protocol) return <Pixels {...props} protocol={protocol} />
  const { image, columns, rows, alt } = props
  return <Image src={image} width={columns} height={rows} objectFit="contain" alt={alt} />
}

/** iTerm and its kin say that they know Kitty's protocol too, and draw it badly. */
const ITERM_FIRST = ['iTerm.app', 'WezTerm', 'WarpTerminal']

function pixelProtocol(info: TerminalInfo): PixelProtocol | null {
  const isKitty = info.supportsKittyGraphics && !ITERM_FIRST.includes(process.env.TERM_PROGRAM ?? '')
  if (isKitty) return null
  if (info.supportsITerm2Graphics) return 'iterm2'
  return info.supportsSixelGraphics ? 'sixel' : null
}

/** After the blank rows it lies on are drawn; they stay as they are, so it is drawn once. In milliseconds. */
const AFTER_ROWS_MS = 100

/**
 * Pixels in the text's own layer, on a screen that begins at its first row. ink-picture draws these from a profiler,
 * which React leaves out when it is built for production.
 */
function Pixels({ image, columns, rows, protocol }: PictureProps & { readonly protocol: PixelProtocol }) {
  const box = useRef<DOMElement>(null)
  const position = usePosition(box)
  const { stdout } = useStdout()
  const { cellWidth, cellHeight } = useTerminalInfo()
  const [drawn, setDrawn] = useState<string | null>(null)
  const row = position?.row
  useEffect(() => {
    let isGone = false
    void drawPicture(image, columns * cellWidth, rows * cellHeight, protocol).then((text) => {
      if (!isGone) setDrawn(text)
    })
    return () => {
      isGone = true
    }
  }, [image, columns, rows, cellWidth, cellHeight, protocol])
  useEffect(() => {
    if (drawn === null || row === undefined) return
    const timer = setTimeout(() => stdout.write(`\x1b7\x1b[${row + 1};1H${drawn}\x1b8`), AFTER_ROWS_MS)
    return () => {
      clearTimeout(timer)
      const erased = Array.from({ length: rows }, (_, at) => `\x1b[${row + 1 + at};1H\x1b[2K`)
      stdout.write(`\x1b7${erased.join('')}\x1b8`)
    }
  }, [drawn, row, rows, stdout])
  return <Box ref={box} width={columns} height={rows} />
}
