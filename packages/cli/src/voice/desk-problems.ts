import { type DispatchState, dispatchStateLabel, dispatchStates, dispatchStepLabel } from '@doorstep/core'
import { roleWords } from './role-words.ts'
import { type Catalogue, of } from './wording.ts'

const stateText = (state: string, language: 'zh' | 'en') =>
  Object.hasOwn(dispatchStates, state) ? dispatchStateLabel(state as DispatchState, language) : state

/** Desks, what is dispatched to them, and households that change grid. */
export const deskProblems: Catalogue = {
  'not-for-role': (d) => ({
    zh: `这不归${roleWords(of(d, 'role'))[0]}看:住户、探访和案件只在网格里。派给您的在派遣里。`,
    en: `This is not for a ${roleWords(of(d, 'role'))[1]}: households, visits and cases stay in their grids. What was sent to you is among the dispatches.`,
    next: ['doorstep dispatch list', 'doorstep sync now'],
  }),
  'action-may-not-touch': (d) => ({
    zh: `这个操作(${of(d, 'action')})不能改这种记录(${of(d, 'of')})。没有存上。`,
    en: `This action (${of(d, 'action')}) may not change a record of this kind (${of(d, 'of')}). Not saved.`,
    next: ['doorstep member list'],
  }),
  'grid-needed': (d) => ({
    zh: `请说是哪个网格的(--grid):${of(d, 'name')}只看得到派给该网格协作台的。没有发出邀请。`,
    en: `Say which grid (--grid): ${of(d, 'name')} sees only what is sent to that grid's desk. Nobody was invited.`,
    next: [
      'doorstep grid list',
      'doorstep member invite --role partner --name NAME --grid GRID --out INVITE',
    ],
  }),
  'no-such-desk': (d) => ({
    zh: `这个网格没有叫 “${of(d, 'desk')}” 的协作台。有:${of(d, 'desks') || '(还没有)'}。没有派出。`,
    en: `This grid has no desk called "${of(d, 'desk')}". There are: ${of(d, 'desks') || 'none yet'}. Nothing was sent.`,
    next: ['doorstep member invite --role partner --name NAME --grid GRID --out INVITE'],
  }),
  'ambiguous-desk': (d) => ({
    zh: `“${of(d, 'desk')}” 对得上好几个协作台:${of(d, 'desks')}。没有派出。`,
    en: `"${of(d, 'desk')}" fits several desks: ${of(d, 'desks')}. Nothing was sent.`,
    next: ['doorstep case dispatch CASE --to DESK'],
  }),
  'not-shareable': (d) => ({
    zh: `“${of(d, 'field')}” 不能告诉外面的人。可以:${of(d, 'fields')}。没有派出。`,
    en: `"${of(d, 'field')}" is not told to anybody outside. Possible: ${of(d, 'fields')}. Nothing was sent.`,
    next: ['doorstep case dispatch CASE --to DESK --share name,phone'],
  }),
  'dispatch-ended': (d) => ({
    zh: `这件派遣${stateText(of(d, 'state'), 'zh')},不能再回报。没有存上。`,
    en: `This dispatch is ${stateText(of(d, 'state'), 'en').toLowerCase()}, so nothing more is reported. Not saved.`,
    next: ['doorstep dispatch list'],
  }),
  'report-incomplete': (d) => ({
    zh: `“${dispatchStepLabel(of(d, 'step'), 'zh')}” 要写说明。没有存上。`,
    en: `"${dispatchStepLabel(of(d, 'step'), 'en')}" needs a note. Not saved.`,
    next: [`doorstep dispatch report ID ${of(d, 'step')} --note TEXT`],
  }),
  'record-moved': (d) => ({
    zh: `这一户已转到 ${of(d, 'grid') || '另一个网格'},记录在那里接着写。没有存上。`,
    en: `This was moved to ${of(d, 'grid') || 'another grid'} and goes on there. Not saved.`,
    next: ['doorstep household moves'],
  }),
  'moved-already': () => ({
    zh: '这一户已经在那个网格。什么都没有改动。',
    en: 'The household is in that grid already. Nothing was changed.',
    next: ['doorstep household moves'],
  }),
  'move-disputed': (d) => ({
    zh: '这一户被转到了两个网格,请先定下来用哪一个。什么都没有改动。',
    en: 'This household was moved to two grids; decide first which one holds. Nothing was changed.',
    next: ['doorstep conflict list', `doorstep conflict settle ${of(d, 'household')} movedTo --choice N`],
  }),
  'move-needs-both': () => ({
    zh: '转网格要同时管着两边的网格。请找站长来转。什么都没有改动。',
    en: 'Moving a household takes somebody who works in both grids. Ask a chief. Nothing was changed.',
    next: ['doorstep grid list', 'doorstep member list'],
  }),
  'nothing-late': () => ({
    zh: '没有晚到的,都已经在新网格里。什么都没有改动。',
    en: 'Nothing came late: everything is in the new grid. Nothing was changed.',
    next: ['doorstep household moves'],
  }),
}
