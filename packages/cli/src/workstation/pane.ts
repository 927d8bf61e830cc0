import type { Line } from './lines.ts'

/** What one screen puts between head and foot. */
export type Pane = {
  readonly title: Line
  readonly right?: Line
  /** As many lines as there are; the frame shows what fits. */
  readonly body: readonly Line[]
  /** Scrolled this far; without it the first lines are shown. */
  readonly scroll?: number
  /** Drawn in the place of the body. */
  readonly picture?: { readonly record: string; readonly alt: string }
}
