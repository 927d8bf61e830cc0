/** @jsxRuntime automatic */
import { Box } from 'ink'
import Image, { InkPictureProvider } from 'ink-picture'

/** What a picture takes on the screen, in cells, and what it is called where none can be shown. */
export type PictureProps = {
  /** PNG. */
  readonly image: Buffer
  readonly columns: number
  readonly rows: number
  readonly alt: string
}

/** By the Kitty, iTerm or Sixel protocol where the terminal says that it has one, else of half blocks. */
export function Picture({ image, columns, rows, alt }: PictureProps) {
  return (
    <Box width={columns} height={rows} overflow="hidden">
      <InkPictureProvider>
        <Image src={image} width={columns} height={rows} objectFit="contain" alt={alt} />
      </InkPictureProvider>
    </Box>
  )
}
