import sharp from 'sharp'
import { image2sixel } from 'sixel'

export type PixelProtocol = 'iterm2' | 'sixel'

const MAX_COLOURS = 256

/** The bytes that draw a picture, as large as fits within so many pixels, from where the cursor is. */
export async function drawPicture(
  image: Uint8Array,
  width: number,
  height: number,
  protocol: PixelProtocol,
): Promise<string> {
  // A line of Sixel is six pixels high: one more would scroll the screen.
  const within = { width: Math.floor(width), height: Math.floor(height / 6) * 6, fit: 'inside' } as const
  const sized = sharp(image).resize(within)
  if (protocol === 'iterm2') {
    const { data, info } = await sized.png().toBuffer({ resolveWithObject: true })
    const size = `size=${data.length};width=${info.width}px;height=${info.height}px;preserveAspectRatio=1`
    return `\x1b]1337;File=${size};inline=1;doNotMoveCursor=1:${data.toString('base64')}\x07`
  }
  const { data, info } = await sized.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return image2sixel(new Uint8Array(data), info.width, info.height, MAX_COLOURS)
}
