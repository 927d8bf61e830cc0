import { revealReasons } from '@doorstep/core'
import { attachmentWords, placeText } from '../../attachment/attachment-text.ts'
import { say } from '../../voice/language.ts'
import { whenText } from '../dates.ts'
import { blank, type Line, line, span, windowOf } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { photoAt } from '../reduce-photos.ts'
import { REASONS } from '../reduce-reveal.ts'
import { bodyRows } from '../rows.ts'
import type { PhotosScreen } from '../screens.ts'
import type { State } from '../state.ts'

/** What there is and where, the reasons by number; then the picture, until its time is over. */
export function photosView(state: State, screen: PhotosScreen): Pane {
  const { language, facts } = state
  const title = line(' ', span(say(language, ['照片、扫描件、录音', 'Photos, scans, recordings']), 'strong'))
  if (facts.photos.length === 0)
    return {
      title,
      body: [
        blank,
        line(say(language, ['   这一户没有。要添:', '   None here. To add one:'])),
        line('   doorstep attachment add', ` ${state.facts.door?.door ?? ''} `, 'FILE'),
      ],
    }
  const at = photoAt(state, screen)
  const shown = facts.photos.find(({ id }) => id === screen.seen?.record)
  if (shown) {
    const alt = attachmentWords(shown, language)
    return {
      title: line(' ', span(alt, 'strong')),
      right: line(say(language, ['半分钟后收起 ', 'put away in half a minute '])),
      // Said where nothing is drawn: to a screen reader.
      body: [line(say(language, ['   图片显示在这里', '   The picture is drawn here']))],
      picture: { record: shown.id, alt },
    }
  }
  const reasons = REASONS.map((reason, index) =>
    line(`   ${index + 1}  ${say(language, revealReasons[reason])}`),
  )
  const room = Math.max(1, bodyRows(state.size.rows) - reasons.length - 3)
  const rows: Line[] = facts.photos.map((one, index) => {
    const best = one.original.state === 'here' || !one.preview ? one.original : one.preview
    const isMissing = best.state !== 'here'
    return {
      ...line(
        span(index === at ? ' › ' : '   ', 'strong'),
        span(isMissing ? '✗ ' : '  ', 'warn'),
        span(attachmentWords(one, language)),
        span(`  ${one.by.name} ${whenText(one.atMs, state.nowMs, state.timeZone, language)}`, 'quiet'),
        span(`  ${whereText(one, language)}`, isMissing ? 'warn' : 'quiet'),
      ),
      selected: index === at,
    }
  })
  return {
    title,
    body: [
      blank,
      ...windowOf(rows, at, room).rows,
      blank,
      line(
        say(language, [
          '   为什么要看?按数字键;先记下,再给看。',
          '   Why? Press a number; it is written down first.',
        ]),
      ),
      ...reasons,
    ],
  }
}

/** Nothing to say where all is here; a preview that is here says so of the original that is not. */
function whereText(one: State['facts']['photos'][number], language: State['language']): string {
  if (one.original.state === 'here') return ''
  const where = placeText(one.original, language)
  if (one.preview?.state !== 'here') return where
  return say(language, [`只有预览;原件${where}`, `preview only; original ${where}`])
}
