import { definitionOf, revealReasons } from '@doorstep/core'
import type { Words } from './language.ts'
import { type Catalogue, type Detail, of } from './wording.ts'

function purposeWords(d: Detail): Words {
  const purpose = of(d, 'purpose')
  return definitionOf('consent')?.fields.purpose?.choices?.[purpose] ?? [purpose, purpose]
}

/** Problems of looking behind masks, and of consent. */
export const privacyProblems: Catalogue = {
  'reason-needed': () => ({
    zh: `看打了星号的内容要写原因:${Object.values(revealReasons)
      .map(([zh]) => zh)
      .join('、')},或自己写。没有给看。`,
    en: `To look behind a mask, say why: ${Object.keys(revealReasons).join(', ')}, or in words. Nothing was shown.`,
    next: ['doorstep reveal RECORD FIELD --reason TEXT'],
  }),
  'not-masked': (d) => ({
    zh: `${of(d, 'field')} 对您没有打星号,不用另看。什么都没有记。`,
    en: `${of(d, 'field')} is not masked for you. Nothing was written.`,
    next: ['doorstep household show ID'],
  }),
  'nothing-there': (d) => ({
    zh: `${of(d, 'record')} 的 ${of(d, 'field')} 是空的。什么都没有记。`,
    en: `${of(d, 'field')} of ${of(d, 'record')} is empty. Nothing was written.`,
    next: ['doorstep household show ID'],
  }),
  'no-consent': (d) => ({
    zh:
      d.because === 'withdrawn'
        ? `${of(d, 'subject')} 撤回了“${purposeWords(d)[0]}”的同意。没有做,也没有记。`
        : `${of(d, 'subject')} 没有同意“${purposeWords(d)[0]}”,也没有别的依据。没有做,也没有记。`,
    en:
      d.because === 'withdrawn'
        ? `${of(d, 'subject')} took back the consent to "${purposeWords(d)[1]}". It was not done, and nothing was written.`
        : `${of(d, 'subject')} did not consent to "${purposeWords(d)[1]}", and there is no other basis. It was not done, and nothing was written.`,
    next: [
      `doorstep consent list ${of(d, 'subject') || 'HOUSEHOLD'}`,
      `doorstep consent give ${of(d, 'subject') || 'HOUSEHOLD'} --purpose ${of(d, 'purpose') || 'PURPOSE'} --how paper`,
    ],
  }),
  'not-a-subject': (d) => ({
    zh: `${of(d, 'id')} 不是住户也不是人,不能由它同意。没有存上。`,
    en: `${of(d, 'id')} is neither a household nor a person, so it cannot consent. Not saved.`,
    next: ['doorstep find TEXT', 'doorstep consent give HOUSEHOLD --purpose PURPOSE --how paper'],
  }),
  'consent-incomplete': (d) => ({
    zh:
      d.needs === 'guardian'
        ? '不满 14 岁,这件事要监护人同意。没有存上。'
        : '要写明同意是怎样给的。没有存上。',
    en:
      d.needs === 'guardian'
        ? 'Under 14: this needs the consent of a guardian. Not saved.'
        : 'Say how the consent was given. Not saved.',
    next: [
      `doorstep consent give SUBJECT --purpose PURPOSE --how paper${d.needs === 'guardian' ? ' --guardian NAME' : ''}`,
    ],
  }),
  'consent-withdrawn': (d) => ({
    zh: `这份同意在 ${of(d, 'on')} 已撤回。要再同意,另记一份。`,
    en: `This consent was withdrawn on ${of(d, 'on')}. A new one is noted anew.`,
    next: ['doorstep consent give SUBJECT --purpose PURPOSE --how paper'],
  }),
}
