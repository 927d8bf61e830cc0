/** How names are typed on a Latin keyboard: 张三 as `zhangsan` or `zs`. */

/** Readings of one character beyond this are rare enough to type in full characters. */
const MAX_READINGS = 3
/** 单曾乐 has twelve readings; a name with more is searched by the first dozen. */
const MAX_SPELLINGS = 12

export type Spelling = { readonly full: string; readonly initials: string }
export type Speller = (name: string) => readonly Spelling[]

/** Loads the dictionary (about 70 ms) when somebody first searches. */
export async function loadSpeller(): Promise<Speller> {
  const { pinyin } = await import('pinyin-pro')
  const readings = new Map<string, readonly string[]>()
  const readingsOf = (sign: string): readonly string[] => {
    let known = readings.get(sign)
    if (!known) {
      const all = pinyin(sign, { multiple: true, toneType: 'none', type: 'array', v: true })
      known = [...new Set(all)].slice(0, MAX_READINGS)
      readings.set(sign, known)
    }
    return known
  }
  return (name) => {
    let spellings: Spelling[] = [{ full: '', initials: '' }]
    for (const sign of name.match(/\p{Script=Han}/gu) ?? []) {
      const next: Spelling[] = []
      for (const { full, initials } of spellings)
        for (const reading of readingsOf(sign))
          next.push({ full: full + reading, initials: initials + reading[0] })
      spellings = next.slice(0, MAX_SPELLINGS)
    }
    return spellings[0]!.full === '' ? [] : spellings
  }
}
