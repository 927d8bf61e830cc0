import { alarmDeeds, alarmVerdicts } from '@doorstep/core'
import type { Words } from './language.ts'
import { type Catalogue, of } from './wording.ts'

const DEEDS: Words = [
  Object.entries(alarmDeeds)
    .map(([code, [zh]]) => `${code}(${zh})`)
    .join('、'),
  Object.entries(alarmDeeds)
    .map(([code, [, en]]) => `${code} (${en})`)
    .join(', '),
]
const VERDICTS: Words = [
  Object.entries(alarmVerdicts)
    .map(([code, { label }]) => `${code}(${label[0]})`)
    .join('、'),
  Object.entries(alarmVerdicts)
    .map(([code, { label }]) => `${code} (${label[1]})`)
    .join(', '),
]

/** Problems of alarms (报警). */
export const alarmProblems: Catalogue = {
  'no-such-deed': (d) => ({
    zh: `没有“${of(d, 'did')}”这种做法。有:${DEEDS[0]}。没有存上。`,
    en: `Nothing that is done is called ${of(d, 'did')}. There are: ${DEEDS[1]}. Not saved.`,
    next: ['doorstep alarm list --open', 'doorstep alarm answer ID --did phoned --verdict true'],
  }),
  'no-such-alarm-verdict': (d) => ({
    zh: `没有“${of(d, 'verdict')}”这种结论。有:${VERDICTS[0]}。没有存上。`,
    en: `There is no verdict called ${of(d, 'verdict')}. There are: ${VERDICTS[1]}. Not saved.`,
    next: ['doorstep alarm list --open', 'doorstep alarm answer ID --did phoned --verdict true'],
  }),
  'no-such-improvement': (d) => ({
    zh: `这里不能这样改进。可以:${of(d, 'possible') || '还没有(同一设备、同一规则第二次误报后才有)'}。什么都没有改。`,
    en: `That is not to be had here. There is: ${of(d, 'possible') || 'nothing yet (only after the second false alarm of one device and rule)'}. Nothing was changed.`,
    next: ['doorstep alarm show ID', 'doorstep alarm list'],
  }),
  'verdict-unfounded': () => ({
    zh: '没有人应,就还不知道是不是真有情况。没有存上。再打电话,或者上门。',
    en: 'Nobody answered, so nobody knows yet whether something is wrong. Not saved. Call again, or go there.',
    next: ['doorstep alarm answer ID --did nobody', 'doorstep alarm list --open'],
  }),
}
