/** @jsxRuntime automatic */
import { Box, render, Text, useApp, useInput, useWindowSize } from 'ink'
import { Picture } from './Picture.tsx'

/** Shows a picture on a screen of its own until a key is pressed: nothing of it stays behind. */
export async function showPicture(image: Buffer, title: string, hint: string): Promise<void> {
  const shown = render(<Viewer image={image} title={title} hint={hint} />, {
    alternateScreen: true,
    exitOnCtrlC: true,
  })
  await shown.waitUntilExit()
}

function Viewer({ image, title, hint }: { image: Buffer; title: string; hint: string }) {
  const { exit } = useApp()
  const { columns, rows } = useWindowSize()
  useInput(() => exit())
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{title}</Text>
      <Picture image={image} columns={columns} rows={Math.max(1, rows - 3)} alt={title} />
      <Text dimColor>{hint}</Text>
    </Box>
  )
}
