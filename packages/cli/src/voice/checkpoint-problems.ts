import { type Catalogue, of } from './wording.ts'

const AGAIN = ['doorstep sync now', 'doorstep checkpoint list']

/** What can go wrong with summing a space up, starting from such a summary, and letting old entries go. */
export const checkpointProblems: Catalogue = {
  'unknown-checkpoint': (d) => ({
    zh: `没有编号以“${of(d, 'id')}”开头的检查点,或不止一个(至少写四位)。`,
    en: `No checkpoint's id begins with "${of(d, 'id')}", or more than one does (give four digits at least).`,
    next: ['doorstep checkpoint list'],
  }),
  'nothing-to-summarise': () => ({
    zh: '这个空间里还什么都没有,没有可总的。',
    en: 'There is nothing in this space yet to sum up.',
    next: ['doorstep digest'],
  }),
  'unreadable-parts': () => ({
    zh: '这里有打不开的内容(缺钥匙),总不出完整的检查点,也核对不了。先和别的站点见面,拿到钥匙。',
    en: 'Some of what is here cannot be opened (a key is missing), so it can neither be summed up whole nor compared. Meet another station first, to be given the key.',
    next: ['doorstep sync now', 'doorstep doctor'],
  }),
  'checkpoint-too-large': () => ({
    zh: '内容太大,总不进一个检查点。条目照常同步,什么都没有丢。',
    en: 'This is too large for one checkpoint. Entries sync as before, and nothing was lost.',
    next: ['doorstep sync now', 'doorstep bundle write FILE'],
  }),
  'checkpoint-malformed': (d) => ({
    zh: `检查点不合格式(${of(d, 'detail')}),没有使用。条目照常同步。`,
    en: `The checkpoint is not in the right form (${of(d, 'detail')}); it was not used. Entries sync as before.`,
    next: AGAIN,
  }),
  'checkpoint-differs': (d) => ({
    zh: `检查点和这里的记录对不上${of(d, 'ids') && `(${of(d, 'ids')})`}:总它的那台机器坏了,或有人做了假。它不会被使用,这里写下的都在。`,
    en: `The checkpoint does not agree with the records here${of(d, 'ids') && ` (${of(d, 'ids')})`}: the machine that made it is damaged, or somebody made it false. It is never used, and what was written here is safe.`,
    next: ['doorstep checkpoint list', 'doorstep doctor', 'doorstep checkpoint make'],
  }),
  'checkpoint-incomplete': () => ({
    zh: '检查点还没有收全。已收到的都留着,下次接着收。',
    en: 'The checkpoint has not come whole yet. What has come is kept, and the rest comes at the next meeting.',
    next: AGAIN,
  }),
  'checkpoint-early': () => ({
    zh: '检查点比这里知道的成员和钥匙更新。再同步一次,先收成员的变动。',
    en: 'The checkpoint is newer than the members and keys known here. Sync again, so that those come first.',
    next: AGAIN,
  }),
  'checkpoint-refused': (d) => ({
    zh: `检查点没有通过(${of(d, 'reason')}),没有使用。条目照常同步。`,
    en: `The checkpoint did not pass (${of(d, 'reason')}); it was not used. Entries sync as before.`,
    next: AGAIN,
  }),
  'checkpoint-on-trust': () => ({
    zh: '这里的记录本身就以一个还没核对过的检查点为底,自己核对不了。和另一台有全部条目的机器见一次面就会核对。',
    en: 'The records here themselves stand on a checkpoint that was not compared yet, so they prove nothing. Meeting another station that has every entry compares it.',
    next: ['doorstep sync now', 'doorstep checkpoint list'],
  }),
  'past-not-here': () => ({
    zh: '它的前文已不在这台机器上,核对不了。请在存档的机器上核对。',
    en: 'Its past is not on this machine any more, so it cannot be compared here. Compare it where everything is kept.',
    next: ['doorstep checkpoint list'],
  }),
  'not-for-this-station': () => ({
    zh: '这个检查点属于这台机器不参与的空间。',
    en: 'This checkpoint is of a space that this station does not work in.',
    next: ['doorstep digest'],
  }),
  'no-checkpoint': () => ({
    zh: '这里没有核对过的检查点,旧条目一条也没有去掉。',
    en: 'There is no checkpoint here that was found true, so no old entry was taken away.',
    next: ['doorstep checkpoint verify', 'doorstep checkpoint make', 'doorstep sync now'],
  }),
  'keeps-everything': () => ({
    zh: '这台机器是存档,旧条目都要留在这里。真要去掉,请加 --even-here。',
    en: 'This station is where everything is kept, old entries too. Add --even-here to take them away all the same.',
    next: ['doorstep checkpoint prune --even-here', 'doorstep checkpoint list'],
  }),
}
