import { type Catalogue, of } from './wording.ts'

/** Who belongs and who may say so. */
export const belongingProblems: Catalogue = {
  'unknown-member': (d) => ({
    zh: `社区里没有这个成员:${of(d, 'member')}。什么都没有改动。`,
    en: `There is no such member: ${of(d, 'member')}. Nothing was changed.`,
    next: ['doorstep member list'],
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
