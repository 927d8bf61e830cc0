/** @jsxRuntime automatic */
import { Box, Text, useCursor, useInput, useIsScreenReaderEnabled, usePaste, useWindowSize } from 'ink'
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { isAtScanner, notAskedFor, ScanGate } from './asking/scan-gate.ts'
import type { Desk } from './desk.ts'
import { eventOf, isTyping } from './keys.ts'
import { blank, type Line, type Tone, textOfLine } from './lines.ts'
import { pastedText, pressesOf } from './press.ts'
import { viewOf } from './view.ts'

// Loaded when the first picture is drawn: most days none is.
const Picture = lazy(async () => ({ default: (await import('../attachment/Picture.tsx')).Picture }))

/** Ink waits up to 33 ms between frames if not told otherwise: a key is to be seen within 16. */
export const DRAWING = { incrementalRendering: true, maxFps: 500, exitOnCtrlC: false } as const

/** Draws what the view says and passes keys on. It decides nothing. */
export function Screen({ desk, colour }: { readonly desk: Desk; readonly colour: boolean }) {
  const state = useSyncExternalStore(
    (listener) => desk.subscribe(listener),
    () => desk.state,
  )
  const { columns, rows } = useWindowSize()
  const isRead = useIsScreenReaderEnabled()
  const { setCursorPosition } = useCursor()
  useEffect(() => desk.dispatch({ type: 'size', columns, rows }), [desk, columns, rows])
  const [gate] = useState(() => scanGateOf(desk))
  useEffect(() => () => gate.close(), [gate])
  useInput((input, key) => {
    desk.touch()
    for (const press of pressesOf(input, key)) gate.take(press)
  })
  usePaste((pasted) => {
    desk.touch()
    const text = pastedText(pasted)
    if (text !== '' && isTyping(desk.state)) desk.dispatch({ type: 'text', text })
  })
  const { lines, cursor, picture } = viewOf(state)
  setCursorPosition(isRead ? undefined : (cursor ?? undefined))
  if (isRead) return <Spoken lines={lines} />
  const image = picture && desk.picture(picture.record)
  if (picture && image)
    return (
      <Framed lines={lines} top={picture.y} rows={picture.rows} colour={colour}>
        {(onAsked) => (
          <Picture image={image} columns={columns} rows={picture.rows} alt={picture.alt} onAsked={onAsked} />
        )}
      </Framed>
    )
  return (
    <Box flexDirection="column">
      <Rows lines={lines} colour={colour} />
    </Box>
  )
}

/** Keys go to the desk; what a scanner types where no code is asked for does not. */
const scanGateOf = (desk: Desk): ScanGate =>
  new ScanGate({
    isGuarded: () => isAtScanner(desk.state),
    press: (press) => {
      const event = eventOf(desk.state, press)
      if (event) desk.dispatch(event)
    },
    scanned: (code) => desk.dispatch({ type: 'failed', words: notAskedFor(code) }),
  })

type FramedProps = {
  readonly lines: readonly Line[]
  readonly top: number
  readonly rows: number
  readonly colour: boolean
  readonly children: (onAsked: () => void) => ReactNode
}

/** A picture between rows. The last row is drawn after the terminal was asked what it can draw: asking wipes it. */
function Framed({ lines, top, rows, colour, children }: FramedProps) {
  const [wasAsked, setAsked] = useState(false)
  const onAsked = useCallback(() => setAsked(true), [])
  const below = lines.slice(top + rows)
  return (
    <Box flexDirection="column">
      <Rows lines={lines.slice(0, top)} colour={colour} />
      <Box height={rows}>
        <Suspense fallback={<Text> </Text>}>{children(onAsked)}</Suspense>
      </Box>
      <Rows lines={wasAsked ? below : [...below.slice(0, -1), blank]} colour={colour} />
    </Box>
  )
}

const Rows = ({ lines, colour }: { readonly lines: readonly Line[]; readonly colour: boolean }) =>
  lines.map((one, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
    <Row key={at} line={one} colour={colour} />
  ))

function Row({ line, colour }: { readonly line: Line; readonly colour: boolean }) {
  // An empty text would have no height.
  if (line.spans.length === 0) return <Text> </Text>
  return (
    <Text wrap="truncate">
      {line.spans.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of a row is its place
        <Text key={at} {...lookOf(part.tone, line.selected === true, colour)}>
          {part.text}
        </Text>
      ))}
    </Text>
  )
}

/**
 * For a screen reader: what just happened first, then the same words without columns, rules or blank rows, rows of
 * tables as sentences, the selected row marked as such.
 */
function Spoken({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <Box flexDirection="column">
      {lines
        .filter((one) => !one.decoration)
        .sort((a, b) => Number(b.announced === true) - Number(a.announced === true))
        .map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
          <Box key={at} aria-state={{ selected: one.selected === true }}>
            <Text>{(one.spoken ?? textOfLine(one)).replaceAll(/\s+/g, ' ').trim()}</Text>
          </Box>
        ))}
    </Box>
  )
}

type Look = { bold?: boolean; dimColor?: boolean; inverse?: boolean; underline?: boolean; color?: string }

const LOOKS: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { bold: true },
  quiet: { dimColor: true },
  alarm: { bold: true, color: 'red' },
  warn: { color: 'yellow' },
  good: { color: 'green' },
  typed: { underline: true },
}

function lookOf(tone: Tone, selected: boolean, colour: boolean): Look {
  const { color, dimColor, ...look } = LOOKS[tone]
  if (selected) return { ...look, inverse: true }
  return { ...look, ...(dimColor ? { dimColor } : {}), ...(colour && color ? { color } : {}) }
}
