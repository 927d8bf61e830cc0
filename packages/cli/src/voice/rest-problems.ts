import { type Catalogue, of } from './wording.ts'

const FORGOTTEN = 'doorstep passphrase forgotten --out REQUEST'
const RESTORE = 'doorstep recovery restore --share FILE --share FILE --share FILE'

/** Problems of the home at rest: passphrases, ways back, the founding key, a home that was destroyed. */
export const restProblems: Catalogue = {
  'passphrase-wait': (d) => ({
    zh: `口令错了好几次,还要等 ${of(d, 'seconds')} 秒才能再试。什么都没有改动。`,
    en: `Wrong passphrases before: ${of(d, 'seconds')} s to wait until the next try. Nothing was changed.`,
    next: ['doorstep digest', FORGOTTEN],
  }),
  'weak-passphrase': (d) => ({
    zh:
      d.reason === 'obvious'
        ? '这个口令是别人最先会猜的。请用三四个不相干的词连起来,长比怪好。什么都没有改动。'
        : `口令太短,至少 ${of(d, 'least')} 个字符。请用三四个不相干的词连起来,长比怪好。什么都没有改动。`,
    en:
      d.reason === 'obvious'
        ? 'That passphrase is among the first to be guessed. Take three or four words that have nothing to do with each other; long beats odd. Nothing was changed.'
        : `That passphrase is too short: at least ${of(d, 'least')} characters. Take three or four words that have nothing to do with each other; long beats odd. Nothing was changed.`,
    next: ['doorstep passphrase change', 'doorstep init --community NAME --member NAME --grid NAME'],
  }),
  'new-passphrase-needed': () => ({
    zh: '需要新口令,而这里没有终端可以询问。',
    en: 'A new passphrase is needed, and there is no terminal to ask on.',
    next: [
      'doorstep passphrase change --new-passphrase-file FILE',
      `${FORGOTTEN} --new-passphrase-file FILE`,
    ],
  }),
  'key-file-short': (d) => ({
    zh: `密钥文件 ${of(d, 'file')} 太短,至少 ${of(d, 'least')} 字节。什么都没有改动。写一个还没有的文件名,就会建一个新的。`,
    en: `The key file ${of(d, 'file')} is too short: at least ${of(d, 'least')} bytes. Nothing was changed. Name a file that is not there yet, and one is made.`,
    next: ['doorstep passphrase change --new-key-file NEW-FILE'],
  }),
  'no-rescue': () => ({
    zh: '没有组长能帮这台机器:它还没见过另一位组长的机器,或本机就是唯一的组长。已交出的记录在同事那里,没交的打不开。可以用新邀请在另一个文件夹重新加入。',
    en: 'No chief can help this machine: it has not heard of another chief’s machine, or it is the only chief’s. What was handed over is with the colleagues; what was not cannot be opened. One can join anew, with a new invite and another folder.',
    next: ['doorstep member join INVITE --home OTHER-FOLDER'],
  }),
  'not-a-rescue-file': (d) => ({
    zh: `${of(d, 'file') || '文件'} 不是找回口令的申请或答复,或已损坏。什么都没有改动。`,
    en: `${of(d, 'file') || 'The file'} is no request or answer about a forgotten passphrase, or it is damaged. Nothing was changed.`,
    next: [FORGOTTEN, 'doorstep passphrase rescue REQUEST --out GRANT', 'doorstep passphrase restore GRANT'],
  }),
  'rescue-expired': (d) => ({
    zh: `申请是 ${of(d, 'madeAt')} 写的,过了七天(或时钟不对)。没有答复。请在那台机器上重新申请。`,
    en: `The request was made at ${of(d, 'madeAt')}, more than seven days ago (or a clock is wrong). It was not answered. Ask again on that machine.`,
    next: [FORGOTTEN],
  }),
  'rescue-not-standing': (d) => ({
    zh: `机器 ${of(d, 'station')} 不在社区里,或已被移除。没有答复。`,
    en: `The machine ${of(d, 'station')} does not belong to the community, or was removed. It was not answered.`,
    next: ['doorstep station list'],
  }),
  'rescue-not-for-us': (d) => ({
    zh: `这份申请里没有给这台机器的盒子。能答复的机器:${of(d, 'chiefs')}。`,
    en: `Nothing in the request is boxed for this machine. These can answer: ${of(d, 'chiefs')}.`,
    next: ['doorstep station list'],
  }),
  'rescue-altered': () => ({
    zh: '申请里给这台机器的盒子打不开:文件被改动过。没有答复。',
    en: 'What the request holds for this machine does not open: the file was altered. It was not answered.',
    next: [FORGOTTEN],
  }),
  'fingerprint-differs': (d) => ({
    zh: `指纹不一样:申请上是 ${of(d, 'fingerprint')}。文件可能被换过。没有答复。请让对方再念一遍。`,
    en: `The fingerprints differ: the request has ${of(d, 'fingerprint')}. The file may have been exchanged. It was not answered. Have it read out once more.`,
    next: [FORGOTTEN],
  }),
  'rescue-not-asked': () => ({
    zh: '这台机器没有等待答复的申请:还没申请过,或已经用掉,或后来又用旧口令打开过。',
    en: 'This machine waits for no answer: it has not asked, the answer was used already, or the old passphrase was used since.',
    next: ['doorstep digest', FORGOTTEN],
  }),
  'rescue-not-ours': () => ({
    zh: '这份答复不是给这台机器最近那次申请的。什么都没有改动。',
    en: 'This answer is not for the latest request of this machine. Nothing was changed.',
    next: [FORGOTTEN],
  }),
  'rescue-outdated': () => ({
    zh: '申请之后组长换了,这份答复已打不开。什么都没有改动。请重新申请。',
    en: 'The chiefs have changed since the request, and this answer opens nothing. Nothing was changed. Ask again.',
    next: [FORGOTTEN],
  }),
  'home-destroyed': (d) => ({
    zh: `这个工作站已${d.reason === 'removed' ? '被移出社区' : '停用'},钥匙和记录都已销毁,找不回来。要再加入,用新邀请,可以就在这个文件夹。`,
    en: `This home was ${d.reason === 'removed' ? 'removed from its community' : 'decommissioned'}: its keys and records were destroyed and cannot be brought back. To join again, use a new invite; this folder will do.`,
    next: ['doorstep member join INVITE', 'doorstep init --community NAME --member NAME --grid NAME'],
  }),
  'home-busy': (d) => ({
    zh: `另一个程序正在用 ${of(d, 'home')}。没有做完;关掉它再来一次。以前存的都在。`,
    en: `Another process is at work in ${of(d, 'home')}. This was not done; end it and try again. What was saved is safe.`,
    next: ['doorstep digest'],
  }),
  'no-founding-key': () => ({
    zh: '这台机器上没有社区的创始密钥:它只在建立社区的机器上,或已经只留在纸上。',
    en: 'This machine does not have the founding key: only the one that founded the community has, unless it lies on paper alone.',
    next: [RESTORE],
  }),
  'bad-share-count': () => ({
    zh: '份数要在 2 到 255 之间,需要的份数不少于 2、不多于总份数。什么都没有印。',
    en: 'From 2 to 255 shares, and at least 2 of them needed, at most all. Nothing was printed.',
    next: ['doorstep recovery print --shares 5 --threshold 3'],
  }),
  'no-shares': (d) => ({
    zh: `${of(d, 'file') || '输入'}里没有找到份额:每份四行,像 “1  ABCD-EFGH-JKMN-PQRS-TVWX”。`,
    en: `No share was found in ${of(d, 'file') || 'what was typed'}: each has four lines like "1  ABCD-EFGH-JKMN-PQRS-TVWX".`,
    next: [RESTORE],
  }),
  'share-line-wrong': (d) => ({
    zh: `${of(d, 'file')} 第 ${of(d, 'share')} 份的第 ${of(d, 'line')} 行抄错了。请对照那一行。什么都没有改动。`,
    en: `${of(d, 'file')} Line ${of(d, 'line')} of share ${of(d, 'share')} was mistyped. Compare that line with the sheet. Nothing was changed.`,
    next: [RESTORE],
  }),
  'share-line-missing': (d) => ({
    zh: `${of(d, 'file')} 第 ${of(d, 'share')} 份缺第 ${of(d, 'line')} 行。什么都没有改动。`,
    en: `${of(d, 'file')} Share ${of(d, 'share')} lacks line ${of(d, 'line')}. Nothing was changed.`,
    next: [RESTORE],
  }),
  'shares-too-few': (d) => ({
    zh: `只有 ${of(d, 'given')} 份不同的,至少要 ${of(d, 'threshold')} 份。什么都没有改动。`,
    en: `There are ${of(d, 'given')} different shares, and ${of(d, 'threshold')} are needed. Nothing was changed.`,
    next: [RESTORE],
  }),
  'shares-of-different-printings': () => ({
    zh: '这些份额不是同一次印的,拼不到一起。什么都没有改动。',
    en: 'These shares are of different printings and do not go together. Nothing was changed.',
    next: [RESTORE],
  }),
  'founding-key-wrong': () => ({
    zh: '拼出来的不是这个社区的创始密钥:有一份不对,或是另一个社区的。什么都没有改动。',
    en: 'What they make is not the founding key of this community: one of them is wrong, or another community’s. Nothing was changed.',
    next: [RESTORE, 'doorstep digest'],
  }),
}
