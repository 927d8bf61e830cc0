import type { FormPlace } from '@doorstep/core'

/**
 * How a place in a form is asked: a number key of a few choices, a list that narrows as one types, an order made by
 * keys, a scale, words of one line or several, a file by its path; `again` asks whether there is another repetition.
 */
export type Way =
  | 'number'
  | 'numbers'
  | 'list'
  | 'ticks'
  | 'order'
  | 'scale'
  | 'typed'
  | 'lines'
  | 'file'
  | 'tick'
  | 'told'
  | 'again'
  | 'none'

/** There are nine number keys. */
const FEW = 9
/** Its author wants it searched, however short it is. */
const SEARCHED = ['search', 'autocomplete']

export function wayOf(place: FormPlace): Way {
  if (place.kind === 'repeat') return 'again'
  if (place.readonly) return 'told'
  const { kind, choices, appearances } = place
  const long = choices.length > FEW || appearances.some((one) => SEARCHED.includes(one))
  switch (kind) {
    case 'select-one':
      return long ? 'list' : 'number'
    case 'select-many':
      return long ? 'ticks' : 'numbers'
    case 'rank':
      return 'order'
    case 'range':
      return 'scale'
    case 'text':
      return appearances.includes('multiline') ? 'lines' : 'typed'
    case 'upload':
      return 'file'
    case 'note':
      return 'told'
    case 'trigger':
      return 'tick'
    case 'unsupported':
      return 'none'
    default:
      return 'typed'
  }
}

const TYPED: readonly Way[] = ['list', 'ticks', 'scale', 'typed', 'lines', 'file']
/** Letters are text there, not commands. */
export const isTypedWay = (way: Way): boolean => TYPED.includes(way)
/** What is typed there finds a choice; it is no answer by itself. */
export const isFilter = (way: Way): boolean => way === 'list' || way === 'ticks'
