/** A part of a report's page: a chart beside its table, and what its signs mean. */
import type { Shown } from '@doorstep/core'
import type { Words } from '../voice/language.ts'
import { both, HIDDEN } from './html.ts'

export function section(
  title: Words,
  key: readonly [Words, Words] | null,
  chart: string,
  numbers: string,
): string {
  const legend = key
    ? `<p class="soft">${key
        .map((words, at) => `${keySign(at === 0 ? 'done' : 'rest')} ${both(words)}`)
        .join(' &#160; ')}</p>`
    : ''
  const isEmpty = numbers.includes('<tbody></tbody>')
  const body = isEmpty
    ? `<p>${both(['没有。', 'None.'])}</p>`
    : `<div class="beside"><div>${chart}${legend}</div>${numbers}</div>`
  return `<section><h2>${both(title)}</h2>${body}</section>`
}

const keySign = (kind: 'done' | 'rest'): string =>
  `<svg class="key" viewBox="0 0 26 14" aria-hidden="true"><rect class="${kind}" x="1" y="1" width="24" height="12"/></svg>`

export const plainBar = (label: Words, count: Shown) =>
  count === null ? { label, text: HIDDEN } : { label, done: count, rest: 0, text: String(count) }

export const coverageBar = (label: Words, { households, visited }: { households: Shown; visited: Shown }) =>
  households === null || visited === null
    ? { label, text: HIDDEN }
    : { label, done: visited, rest: households - visited, text: `${visited}/${households}` }
