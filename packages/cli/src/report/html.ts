import type { Shown } from '@doorstep/core'
import type { Words } from '../voice/language.ts'

/** Text in a page, whatever somebody called a grid. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Both languages; the switch at the head of the page shows one. */
export const both = ([zh, en]: Words, tag = 'span'): string =>
  zh === en
    ? escaped(zh)
    : `<${tag} lang="zh">${escaped(zh)}</${tag}><${tag} lang="en">${escaped(en)}</${tag}>`

/** What stands for a number that is hidden; the page says what it means. */
export const HIDDEN = '∗'
export const number = (value: Shown): string => (value === null ? HIDDEN : value.toLocaleString('en-US'))
/** Of nothing there is no share. */
export const share = (percent: Shown, whole: Shown): string =>
  whole === 0 ? '–' : percent === null ? HIDDEN : `${percent}%`

export function table(head: readonly Words[], rows: readonly (readonly (Words | string)[])[]): string {
  const cells = (row: readonly (Words | string)[]) =>
    row
      .map((cell, at) => {
        const text = typeof cell === 'string' ? escaped(cell) : both(cell)
        return at === 0 ? `<th scope="row">${text}</th>` : `<td>${text}</td>`
      })
      .join('')
  return `<div class="scroll"><table><thead><tr>${head.map((one) => `<th scope="col">${both(one)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table></div>`
}
