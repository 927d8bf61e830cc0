import { shortId } from '../voice/value-text.ts'
import { REASONS } from './reduce-reveal.ts'
import type { PhotosScreen } from './screens.ts'
import { type Event, replaceTop, type State, type Step, step, topOf } from './state.ts'

/** Which one is meant: the list may have become shorter. */
export const photoAt = (state: State, screen: PhotosScreen): number =>
  Math.max(0, Math.min(screen.at, state.facts.photos.length - 1))

export function reducePhotos(
  state: State,
  screen: PhotosScreen,
  event: Extract<Event, { type: 'command' | 'digit' | 'text' }>,
): Step {
  const at = photoAt(state, screen)
  const photo = state.facts.photos[at]
  const move = (by: number) =>
    step(
      replaceTop(state, {
        ...screen,
        at: Math.max(0, Math.min(at + by, state.facts.photos.length - 1)),
        seen: null,
      }),
    )
  if (event.type === 'digit') {
    const reason = REASONS[event.digit - 1]
    if (!reason || !photo || screen.seen) return step(state)
    if (!photo.mediaType.startsWith('image/'))
      return step({
        ...state,
        notice: {
          tone: 'quiet',
          words: [
            `存:doorstep attachment show ${shortId(photo.id)} --reason 原因 --out 文件`,
            `Save: doorstep attachment show ${shortId(photo.id)} --reason TEXT --out FILE`,
          ],
        },
      })
    return step(
      { ...state, busy: ['正在记下', 'Writing it down'] },
      { type: 'show-photo', record: photo.id, reason },
    )
  }
  if (event.type !== 'command') return step(state)
  switch (event.command) {
    case 'up':
      return move(-1)
    case 'down':
      return move(1)
    case 'enter':
      // Seen enough; or, not opened yet: a number says why.
      return step(
        screen.seen || !photo
          ? replaceTop(state, { ...screen, seen: null })
          : {
              ...state,
              notice: {
                tone: 'quiet',
                words: ['先按数字键说明为什么要看', 'Press a number first: why do you look?'],
              },
            },
      )
    default:
      return step(state)
  }
}

/** On disk that somebody looked, and so shown; who has gone on meanwhile is shown nothing. */
export function photoShown(
  state: State,
  { record, untilMs }: Extract<Event, { type: 'photo-shown' }>,
): State {
  const screen = topOf(state)
  const next: State = {
    ...state,
    busy: null,
    notice: { tone: 'good', words: ['已记下您看过,以及原因', 'It is written down that you looked, and why'] },
  }
  return screen.type === 'photos' ? replaceTop(next, { ...screen, seen: { record, untilMs } }) : next
}
