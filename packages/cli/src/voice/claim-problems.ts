import type { Words } from './language.ts'
import { below, type Catalogue, type Detail, listOf, of } from './wording.ts'

const overWords = (d: Detail): Words =>
  d.state === 'closed'
    ? [`${of(d, 'on')} 已经收工`, `was closed on ${of(d, 'on')}`]
    : [`${of(d, 'on')} 已经到期`, `ended on ${of(d, 'on')}`]

/** Problems of sweeps and claims. */
export const claimProblems: Catalogue = {
  'sweep-over': (d) => ({
    zh: `行动“${of(d, 'name')}”${overWords(d)[0]},不能再认领。已有的认领和探访都在。`,
    en: `The sweep "${of(d, 'name')}" ${overWords(d)[1]}; nothing more can be claimed in it. What was claimed and visited is there.`,
    next: ['doorstep sweep list', 'doorstep claim take DOOR'],
  }),
  'sweep-closed': (d) => ({
    zh: `行动“${of(d, 'name')}”已经收工了。什么都没有改动。`,
    en: `The sweep "${of(d, 'name')}" is closed already. Nothing was changed.`,
    next: [`doorstep sweep show ${of(d, 'sweep')}`, `doorstep sweep close ${of(d, 'sweep')} --undo`],
  }),
  'sweep-not-closed': (d) => ({
    zh: `行动“${of(d, 'name')}”没有收工,不用重开。什么都没有改动。`,
    en: `The sweep "${of(d, 'name')}" is not closed. Nothing was changed.`,
    next: [`doorstep sweep show ${of(d, 'sweep')}`],
  }),
  'not-in-sweep': (d) => ({
    zh: `${of(d, 'place')} 不在行动“${of(d, 'name')}”里。没有认领。`,
    en: `${of(d, 'place')} is not part of the sweep "${of(d, 'name')}". Nothing was claimed.`,
    next: [`doorstep sweep show ${of(d, 'sweep')} --doors`, 'doorstep claim take DOOR'],
  }),
  'nothing-to-claim': (d) => ({
    zh: `${of(d, 'place')} 没有住户。没有认领。`,
    en: `There are no households at ${of(d, 'place')}. Nothing was claimed.`,
    next: ['doorstep household list'],
  }),
  'claimed-already': (d) => {
    const [zh, en] = below(listOf(d, 'claims'), (one) => [of(one, 'name'), of(one, 'name')])
    return {
      zh: `已经有人认领。没有认领:${zh}`,
      en: `Claimed already, and not claimed again, by:${en}`,
      next: ['doorstep claim take DOOR --also', 'doorstep claim list'],
    }
  },
  'door-done': () => ({
    zh: '已经去过了,不用再认领。没有认领。',
    en: 'Somebody was there already, so there is nothing to claim. Nothing was claimed.',
    next: ['doorstep visit list --household DOOR', 'doorstep sweep list'],
  }),
  'nothing-claimed': (d) => ({
    zh: `${of(d, 'place')} 没有 ${of(d, 'by')} 的认领。什么都没有改动。`,
    en: `${of(d, 'by')} has no claim at ${of(d, 'place')}. Nothing was changed.`,
    next: ['doorstep claim list'],
  }),
}
