import type { Choice, Speller } from '@doorstep/core'

/** Which choices of a long list what is typed may mean, by their places in it; all of them while nothing is typed. */
export function placesOfChoices(choices: readonly Choice[], typed: string): readonly number[] {
  const asked = typed.normalize('NFKC').trim().toLowerCase()
  if (asked === '') return choices.map((_choice, at) => at)
  const spelled = /^[a-z]+$/.test(asked) ? spellings.get(choices) : undefined
  const number = /^\d+$/.test(asked) ? Number(asked) - 1 : -1
  const first: number[] = []
  const other: number[] = []
  for (let at = 0; at < choices.length; at++) {
    const { label, value } = choices[at]!
    const text = label.toLowerCase()
    if (at === number || text.startsWith(asked) || value.toLowerCase() === asked) first.push(at)
    else if (text.includes(asked) || spelled?.[at]?.includes(asked)) other.push(at)
  }
  // The number of a choice is its key: it goes before a label that begins with these digits.
  if (number >= 0 && number < choices.length)
    first.sort((a, b) => Number(b === number) - Number(a === number))
  return [...first, ...other]
}

/** How the labels of a list are spelled, as one text a choice; made once a list, beside the work. */
const spellings = new WeakMap<readonly Choice[], readonly string[]>()
const AT_ONCE = 200

/** So that `ls` finds 绿树路. Gives way to keys all the time: ten thousand labels take a second. */
export async function spellChoices(choices: readonly Choice[], speller: Speller): Promise<void> {
  if (spellings.has(choices)) return
  const spelled: string[] = []
  for (const [at, { label }] of choices.entries()) {
    spelled.push(
      speller(label)
        .map(({ full, initials }) => `${initials} ${full}`)
        .join(' '),
    )
    if (at % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  spellings.set(choices, spelled)
}
