import { errandStates, errandSteps } from '@doorstep/core'
import { moneyText } from './errand-text.ts'
import type { Words } from './language.ts'
import { type Catalogue, type Detail, listOf, of } from './wording.ts'

const stateWords = (state: string): Words =>
  Object.hasOwn(errandStates, state) ? errandStates[state as keyof typeof errandStates].label : [state, state]
const stepWords = (step: string): Words =>
  Object.hasOwn(errandSteps, step) ? errandSteps[step as keyof typeof errandSteps].label : [step, step]
const stepList = (d: Detail, name: string): Words => {
  const steps = listOf(d, name).map((one) => String(one.value))
  return [
    steps.map((step) => `${step}(${stepWords(step)[0]})`).join('、'),
    steps.map((step) => `${step} (${stepWords(step)[1]})`).join(', '),
  ]
}
const withUs = (d: Detail): Words => {
  const papers = listOf(d, 'papers').map((one) => String(one.value))
  const fen = Number(d.fen ?? 0)
  const zh = [...papers, ...(fen === 0 ? [] : [moneyText(fen, 'zh')])].join('、') || '没有'
  const en = [...papers, ...(fen === 0 ? [] : [moneyText(fen, 'en')])].join(', ') || 'nothing'
  return [zh, en]
}
const errand = (d: Detail): string => of(d, 'errand') || 'ID'

/** Problems of errands (帮办代办). */
export const errandProblems: Catalogue = {
  'no-such-errand-step': (d) => ({
    zh: `没有叫 ${of(d, 'step')} 的步骤。有:${stepList(d, 'steps')[0]}`,
    en: `There is no step called ${of(d, 'step')}. There are: ${stepList(d, 'steps')[1]}`,
    next: ['doorstep errand step ID STEP'],
  }),
  'errand-step-not-allowed': (d) => {
    const signing = ['read', 'sign'].includes(of(d, 'step'))
    const [zh, en]: Words = signing
      ? [
          '先当面核对身份,再念给本人听,然后签字。',
          'First identity is checked in person, then the form read aloud, then signed. ',
        ]
      : ['', '']
    return {
      zh: `这件代办${stateWords(of(d, 'state'))[0]},现在不能“${stepWords(of(d, 'step'))[0]}”。${zh}现在可以:${stepList(d, 'allowed')[0]}`,
      en: `The errand is ${stateWords(of(d, 'state'))[1].toLowerCase()}, so "${stepWords(of(d, 'step'))[1]}" does not fit. ${en}Possible now: ${stepList(d, 'allowed')[1]}`,
      next: [`doorstep errand show ${errand(d)}`, `doorstep errand step ${errand(d)} STEP`],
    }
  },
  'errand-step-incomplete': (d) => {
    const needs = of(d, 'needs')
    const flag =
      needs === 'note' ? '--note TEXT' : needs === 'on' ? '--on YYYY-MM-DD' : '--paper NAME --money 12.50'
    return {
      zh:
        needs === 'note'
          ? '这一步要写明原因。没有存上。'
          : needs === 'on'
            ? '约在哪一天?没有存上。'
            : '收了或还了什么?写明材料或钱。没有存上。',
      en:
        needs === 'note'
          ? 'This step needs a reason in writing. Not saved.'
          : needs === 'on'
            ? 'For which day? Not saved.'
            : 'What was taken or given? Name the papers or the money. Not saved.',
      next: [`doorstep errand step ID ${of(d, 'step') || 'STEP'} ${flag}`],
    }
  },
  'errand-money-uncounted': (d) => ({
    zh: '收钱、找零要当着本人点清,再加 --counted。没有存上。',
    en: 'Money is counted before the person; say so with --counted. Not saved.',
    next: [`doorstep errand step ID ${of(d, 'step') || 'take'} --money 12.50 --counted`],
  }),
  'errand-not-with-us': (d) => ({
    zh: `这些不在我们这里${of(d, 'missing') ? `:${of(d, 'missing')}` : ''}。在这里的:${withUs(d)[0]}。没有存上。`,
    en: `That is not with us${of(d, 'missing') ? `: ${of(d, 'missing')}` : ''}. What is here: ${withUs(d)[1]}. Not saved.`,
    next: [`doorstep errand show ${errand(d)}`],
  }),
  'errand-owing': (d) => ({
    zh: `还有东西在我们这里:${withUs(d)[0]}。先送还,再告知结果。没有存上。`,
    en: `Something of theirs is still with us: ${withUs(d)[1]}. Give it back first, then tell the result. Not saved.`,
    next: [`doorstep errand step ${errand(d)} return --paper NAME --money 12.50 --counted`],
  }),
  'errand-number-in-note': () => ({
    zh: '不要写身份证号、银行卡号:只记“已核对”。没有存上。',
    en: 'Numbers of identity or bank cards are not noted: that they were checked is enough. Not saved.',
    next: ['doorstep errand step ID identify'],
  }),
}
