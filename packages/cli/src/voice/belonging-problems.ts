import { type Catalogue, type Detail, of } from './wording.ts'

/** Who belongs and who may say so. */
const photosZh = (d: Detail) => (Number(d.photos) > 0 ? `和 ${of(d, 'photos')} 件照片或录音` : '')
const photosEn = (d: Detail) => (Number(d.photos) > 0 ? ` and ${of(d, 'photos')} photos or recordings` : '')

export const belongingProblems: Catalogue = {
  'unknown-member': (d) => ({
    zh: `社区里没有这个成员:${of(d, 'member')}。什么都没有改动。`,
    en: `There is no such member: ${of(d, 'member')}. Nothing was changed.`,
    next: ['doorstep member list'],
  }),
  'station-removed': (d) => ({
    zh: `这台机器已被移出社区。${d.unsent ? `没送出的条目封存在 ${of(d, 'unsent')},交给任何一位同事读入。` : '没送出的条目都已交给别的机器,扣下待看。'}密钥和记录已销毁。`,
    en: `This machine was removed from the community. ${d.unsent ? `What it had not sent lies sealed in ${of(d, 'unsent')}: give that file to any colleague.` : 'What it had not sent is with another machine, held to be looked at.'} Keys and records were destroyed.`,
    next: d.unsent
      ? [`doorstep bundle read ${of(d, 'unsent')}`, 'doorstep member join INVITE']
      : ['doorstep member join INVITE'],
  }),
  'needs-yes': () => ({
    zh: '没有做:这一步不能撤回,要在终端上答“是”,或加 --yes。什么都没有改动。',
    en: 'Not done: this cannot be undone; answer yes on a terminal, or add --yes. Nothing was changed.',
    next: ['doorstep sync now', 'doorstep station decommission --yes'],
  }),
  'unsent-entries': (d) => ({
    zh: `这台机器有别人还没有的条目${photosZh(d)}${d.left ? ',退出的决定已写下但还没有人听到' : ',什么都没有改动'}。先同步,或写到文件里带走。`,
    en: `This machine has entries${photosEn(d)} that nobody else is known to have${d.left ? '; that it leaves is written down, and nobody has heard it yet' : '; nothing was changed'}. Sync first, or take them along in a file.`,
    next: ['doorstep sync now --peer HOST:PORT', 'doorstep station decommission --out FILE --yes'],
  }),
  'founding-act-refused': (d) => ({
    zh: `创始密钥的决定没有被接受(${of(d, 'reason')})。什么都没有改动。`,
    en: `The act of the founding key was refused (${of(d, 'reason')}). Nothing was changed.`,
    next: ['doorstep member list', 'doorstep doctor'],
  }),
  'nobody-named': (d) => ({
    zh: '请说从谁手里、交给谁(--from、--to,至少一个)。什么都没有改动。',
    en: 'Say who hands it over and who gets it (--from, --to, at least one). Nothing was changed.',
    next: [`doorstep grid handover ${of(d, 'grid')} --from MEMBER --to MEMBER`],
  }),
  'unknown-act': (d) => ({
    zh: `没有(或不止一个)以 ${of(d, 'act')} 开头的作废决定。什么都没有改动。`,
    en: `No voided act, or more than one, begins with ${of(d, 'act')}. Nothing was changed.`,
    next: ['doorstep member voided'],
  }),
  'not-senior': (d) => ({
    zh: `只有资历更高的站长能这样做${of(d, 'member') ? `(对方:${of(d, 'member')})` : ''}。资历按邀请的先后,不会改变。什么都没有改动。`,
    en: `Only a more senior chief may do this${of(d, 'member') ? ` (about ${of(d, 'member')})` : ''}. Seniority follows who invited whom, and never changes. Nothing was changed.`,
    next: ['doorstep member list', 'doorstep recovery restore'],
  }),
  'is-self': () => ({
    zh: '不能对自己这样做。要让这台机器退出,用“退役”;它会先把没送出的交给别人。什么都没有改动。',
    en: 'Not to oneself. To let this machine leave, decommission it: it first hands on what it has not sent. Nothing was changed.',
    next: ['doorstep station decommission'],
  }),
  'ambiguous-member': (d) => ({
    zh: `不止一个成员叫 ${of(d, 'name')}:${of(d, 'ids')}。请用编号。什么都没有改动。`,
    en: `More than one member is called ${of(d, 'name')}: ${of(d, 'ids')}. Use the id. Nothing was changed.`,
    next: ['doorstep member list'],
  }),
}
