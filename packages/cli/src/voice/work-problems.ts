import { caseStates, caseSteps, definitionOf } from '@doorstep/core'
import { formProblemWords } from './form-words.ts'
import type { Words } from './language.ts'
import { ruleWords } from './rule-words.ts'
import { below, type Catalogue, type Detail, listOf, of } from './wording.ts'

const LISTS: Readonly<Record<string, string>> = {
  household: 'doorstep household list',
  errand: 'doorstep errand list',
  alarm: 'doorstep alarm list',
  visit: 'doorstep visit list',
  case: 'doorstep case list',
  device: 'doorstep device list',
  dispatch: 'doorstep dispatch list',
  sweep: 'doorstep sweep list',
  claim: 'doorstep claim list',
}

/** What is asked for and is no field of a record. */
const OTHERS: Readonly<Record<string, Words>> = { until: ['认领到哪天', 'Claimed until'] }

/** A field as screens name it; `phone` of a household is 联系电话. */
function fieldWords(d: Detail): Words {
  const definition = definitionOf(of(d, 'record'))
  const field = of(d, 'field')
  const label = definition?.fields[field]?.label ?? definition?.sets?.[field]?.label
  const known: Words | undefined = label ?? OTHERS[field]
  return known ? [`${known[0]}(${field})`, `${known[1]} (${field})`] : [field, field]
}

const stateWords = (state: string): Words =>
  Object.hasOwn(caseStates, state) ? caseStates[state as keyof typeof caseStates].label : [state, state]
const stepWords = (step: string): Words =>
  Object.hasOwn(caseSteps, step) ? caseSteps[step as keyof typeof caseSteps].label : [step, step]
const stepList = (d: Detail, name: string): Words => {
  const steps = listOf(d, name).map((one) => String(one.value))
  return [
    steps.map((step) => `${step}(${stepWords(step)[0]})`).join('、'),
    steps.map((step) => `${step} (${stepWords(step)[1]})`).join(', '),
  ]
}

/** Problems of everyday work: finding a record, visits, cases, conflicts. */
export const workProblems: Catalogue = {
  'warn-after-days': (d) => ({
    zh: `天数要是 1 到 ${of(d, 'most')} 的整数。没有改动。`,
    en: `Days are a whole number from 1 to ${of(d, 'most')}. Nothing was changed.`,
    next: ['doorstep sync warn 7'],
  }),
  'record-erased': (d) => ({
    zh: `${of(d, 'record')} 已按规定永久删除,不能再写。没有存上。`,
    en: `${of(d, 'record')} was erased for good and cannot be written to again. Not saved.`,
    next: ['doorstep find TEXT'],
  }),
  'not-erasable': (d) => ({
    zh: `这种记录不能删除:${of(d, 'record')}。社区、网格、规则和删除证明要留着。什么都没有删。`,
    en: `A record of this kind cannot be erased: ${of(d, 'record')}. The community, grids, rules and proofs of erasure stay. Nothing was erased.`,
    next: ['doorstep household list'],
  }),
  'reason-needed': () => ({
    zh: '删除要写明原因(保存类别或规定,不写人名)。什么都没有删。',
    en: 'Erasing needs a reason (a retention class or a rule, without names). Nothing was erased.',
    next: ['doorstep retention erase RECORD --reason TEXT'],
  }),
  'reason-too-long': (d) => ({
    zh: `原因最多 ${of(d, 'maxLength')} 字,会永久保留,不写人名。什么都没有删。`,
    en: `A reason has at most ${of(d, 'maxLength')} characters: it is kept for ever, so no names. Nothing was erased.`,
    next: ['doorstep retention erase RECORD --reason TEXT'],
  }),
  'confirmation-needed': () => ({
    zh: '删除无法恢复,而这里没有终端可以确认。什么都没有删。',
    en: 'Erasing cannot be undone, and there is no terminal here to confirm it on. Nothing was erased.',
    next: ['doorstep retention erase RECORD --reason TEXT --yes'],
  }),
  'no-such-record': (d) => ({
    zh: `没有这条记录:${of(d, 'id')}。`,
    en: `There is no such record: ${of(d, 'id')}.`,
    next: ['doorstep find TEXT', LISTS[of(d, 'wanted')] ?? 'doorstep household list'],
  }),
  'ambiguous-id': (d) => {
    const [zh, en] = below(listOf(d, 'matches'), (one) => {
      const text = of(one, 'value') || `${of(one, 'id')}  ${of(one, 'title')}`.trim()
      return [text, text]
    })
    return {
      zh: `“${of(d, 'id')}” 对得上${d.count === undefined ? '好几' : ` ${of(d, 'count')} `}条,请多写几位:${zh}`,
      en: `"${of(d, 'id')}" fits ${d.count === undefined ? 'several' : of(d, 'count')}; type a little more:${en}`,
      next: ['doorstep find TEXT'],
    }
  },
  'invalid-field': (d) => {
    const [zh, en] = ruleWords(of(d, 'rule'), d)
    return {
      zh: `${fieldWords(d)[0]}:${zh}。没有存上。`,
      en: `${fieldWords(d)[1]}: ${en}. Not saved.`,
      next: [LISTS[of(d, 'record')] ?? 'doorstep household show ID'],
    }
  },
  'not-editable': (d) => ({
    zh: `${of(d, 'record')} 写下后不能改。可以撤回它,再记一次。`,
    en: `${of(d, 'record')} is not changed once written. Withdraw it and record it again.`,
    next: ['doorstep visit withdraw ID --reason TEXT'],
  }),
  'not-a-member': () => ({
    zh: '这台机器现在不属于任何成员,不能写。已有的都在。',
    en: 'This station belongs to no member now, so it cannot write. What is here is safe.',
    next: ['doorstep sync now', 'doorstep member list'],
  }),
  'no-such-form': (d) => ({
    zh: `没有叫 ${of(d, 'form')} 的表单。没有存上。`,
    en: `There is no form called ${of(d, 'form')}. Not saved.`,
    next: ['doorstep form list'],
  }),
  'answers-without-form': () => ({
    zh: '有回答,却没有说是哪张表单。没有存上。',
    en: 'There are answers, but no form they belong to. Not saved.',
    next: ['doorstep form list', 'doorstep visit record HOUSEHOLD --form ID --answers FILE'],
  }),
  'answers-refused': (d) => {
    const [zh, en] = below(listOf(d, 'problems'), formProblemWords)
    return {
      zh: `回答还不能收,探访没有存上:${zh}`,
      en: `The answers cannot be taken yet, and the visit was not saved:${en}`,
      next: [
        `doorstep form check ${of(d, 'form') || 'ID'}`,
        `doorstep form fill ${of(d, 'form') || 'ID'} --answers FILE`,
      ],
    }
  },
  'not-a-resident': (d) => ({
    zh: of(d, 'person')
      ? `${of(d, 'person')} 不住在这一户。没有存上。`
      : '这张表单问的是某个人,还没说是谁。没有存上。',
    en: of(d, 'person')
      ? `${of(d, 'person')} does not live in this household. Not saved.`
      : 'This form is about a person, and none is named. Not saved.',
    next: ['doorstep household show ID', 'doorstep visit record HOUSEHOLD --person ID'],
  }),
  'answers-too-deep': (d) => ({
    zh: `表单 ${of(d, 'form')} 的分组嵌套超过 ${of(d, 'maxDepth')} 层,没有存上。`,
    en: `The groups of form ${of(d, 'form')} are nested deeper than ${of(d, 'maxDepth')}. Not saved.`,
    next: ['doorstep form list'],
  }),
  'visit-in-future': (d) => ({
    zh: `${of(d, 'on')} 还没到(今天 ${of(d, 'today')})。没有存上。`,
    en: `${of(d, 'on')} is still to come (today is ${of(d, 'today')}). Not saved.`,
    next: ['doorstep visit record HOUSEHOLD --on YYYY-MM-DD'],
  }),
  'already-withdrawn': (d) => ({
    zh: `这次探访已经撤回过:${of(d, 'reason')}。`,
    en: `This visit was withdrawn already: ${of(d, 'reason')}.`,
    next: [`doorstep visit show ${of(d, 'visit')}`],
  }),
  'no-such-grid': (d) => ({
    zh: `没有这个网格,或这台机器读不了它:${of(d, 'grid')}。没有存上。`,
    en: `There is no such grid, or this station does not read it: ${of(d, 'grid')}. Not saved.`,
    next: ['doorstep digest'],
  }),
  'case-without-place': () => ({
    zh: '案件要说是哪一户。没有存上。',
    en: 'A case needs a household it is about. Not saved.',
    next: ['doorstep case open HOUSEHOLD --kind KIND --title TITLE'],
  }),
  'diary-without-place': () => ({
    zh: '要说记在哪个网格,或关于哪一户。没有存上。',
    en: 'Say in which grid it belongs, or which household it is about. Not saved.',
    next: ['doorstep diary add TEXT --grid NAME', 'doorstep diary add TEXT --about HOUSEHOLD'],
  }),
  'nothing-to-do': () => ({
    zh: '这一条没有要办的事,不用打勾。',
    en: 'This line asks for nothing to be done, so there is nothing to tick.',
    next: ['doorstep diary list --open'],
  }),
  'ticked-already': (d) => ({
    zh: `${of(d, 'on')} 已经打过勾了。什么都没有改动。`,
    en: `It was ticked on ${of(d, 'on')}. Nothing was changed.`,
    next: ['doorstep diary list --open'],
  }),
  'nobody-missed': () => ({
    zh: '这一户最近一次见到了人,或没有上门未遇,没有可开的案件。',
    en: 'Somebody was met there last, or nobody knocked in vain: there is no such case to open.',
    next: ['doorstep visit missed', 'doorstep case open HOUSEHOLD --kind KIND --title TITLE'],
  }),
  'no-such-step': (d) => ({
    zh: `没有叫 ${of(d, 'step')} 的步骤。有:${stepList(d, 'steps')[0]}`,
    en: `There is no step called ${of(d, 'step')}. There are: ${stepList(d, 'steps')[1]}`,
    next: ['doorstep case step ID STEP'],
  }),
  'step-not-allowed': (d) => ({
    zh: `案件${stateWords(of(d, 'state'))[0]},不能${stepWords(of(d, 'step'))[0]}。现在可以:${stepList(d, 'allowed')[0]}`,
    en: `The case is ${stateWords(of(d, 'state'))[1].toLowerCase()}, so "${stepWords(of(d, 'step'))[1]}" does not fit. Possible now: ${stepList(d, 'allowed')[1]}`,
    next: [`doorstep case show ${of(d, 'case')}`, `doorstep case step ${of(d, 'case')} STEP`],
  }),
  'step-incomplete': (d) => ({
    zh: d.needs === 'due' ? '这一步要写期限。没有存上。' : '这一步要写明原因。没有存上。',
    en:
      d.needs === 'due'
        ? 'This step needs a day. Not saved.'
        : 'This step needs a reason in writing. Not saved.',
    next: [
      `doorstep case step ID ${of(d, 'step')} ${d.needs === 'due' ? '--due YYYY-MM-DD' : '--note TEXT'}`,
    ],
  }),
  'evidence-needed': (d) => ({
    zh: '严重隐患结案要有整改后的照片,或写明为什么没有。没有存上。',
    en: 'A serious hazard is closed with a picture of the result, or a written reason why there is none. Not saved.',
    next: [
      `doorstep case evidence ${of(d, 'case') || 'ID'} --after FILE`,
      `doorstep case step ${of(d, 'case') || 'ID'} close --no-photo TEXT`,
    ],
  }),
  'no-such-request': (d) => ({
    zh: `这件案件没有这样一个等着批的申请。等着的:${of(d, 'requests') || '没有'}。没有存上。`,
    en: `No such request waits in this case. Waiting: ${of(d, 'requests') || 'none'}. Not saved.`,
    next: [`doorstep case show ${of(d, 'case')}`, 'doorstep case list --awaiting'],
  }),
  'request-waits': (d) => ({
    zh: `${stepWords(of(d, 'step'))[0]}已经申请过,正等站长批。没有再存一次。`,
    en: `"${stepWords(of(d, 'step'))[1]}" was asked for already and waits for a chief. Not saved again.`,
    next: [`doorstep case show ${of(d, 'case')}`, `doorstep case step ${of(d, 'case')} take-back`],
  }),
  'case-past-deadline': (d) => ({
    zh: `期限 ${of(d, 'deadline')} 已过,不能再延期。可以挂账、退回,或写明后继续处置。`,
    en: `The limit ${of(d, 'deadline')} has passed, so it cannot be extended. Shelve it, return it, or go on with a note.`,
    next: [`doorstep case step ${of(d, 'case')} shelve --note TEXT`, `doorstep case show ${of(d, 'case')}`],
  }),
  'calendar-file-wrong': (d) => ({
    zh: `第 ${of(d, 'line')} 行看不懂(${{ date: '日期', kind: '类型只有 放假 或 上班', twice: '同一天写了两次', json: '不是 JSON' }[of(d, 'why')] ?? of(d, 'why')})。没有写入。`,
    en: `Line ${of(d, 'line')} cannot be read (${{ date: 'the date', kind: 'a kind is holiday or workday', twice: 'a day named twice', json: 'no JSON' }[of(d, 'why')] ?? of(d, 'why')}). Nothing was written.`,
    next: ['doorstep calendar load FILE'],
  }),
  'calendar-file-empty': () => ({
    zh: '文件里没有一天。每行写:日期,类型,名称,如 2027-02-06,放假,春节。没有写入。',
    en: 'The file names no day. Each line: date,kind,name, like 2027-02-06,holiday,Spring Festival. Nothing was written.',
    next: ['doorstep calendar load FILE'],
  }),
  'working-hours-wrong': (d) => ({
    zh: `看不懂工作时间 “${of(d, 'hours')}”。没有写入。`,
    en: `Working hours "${of(d, 'hours')}" cannot be read. Nothing was written.`,
    next: ['doorstep calendar load --hours 09:00-12:00,13:00-18:00'],
  }),
  'no-conflict': (d) => ({
    zh: `${of(d, 'record')} 的 ${of(d, 'field')} 没有两种说法。什么都没有改动。`,
    en: `There is no conflict in ${of(d, 'field')} of ${of(d, 'record')}. Nothing was changed.`,
    next: ['doorstep conflict list'],
  }),
  'no-such-write': (d) => ({
    zh: `没有这个选项:有人刚改过 ${of(d, 'field')}?请再看一遍。什么都没有改动。`,
    en: `There is no such choice: was ${of(d, 'field')} just changed? Look again. Nothing was changed.`,
    next: ['doorstep conflict list'],
  }),
  'ambiguous-value': (d) => ({
    zh: `打了星号的 “${of(d, 'value')}” 对得上好几个值。请按序号选。什么都没有改动。`,
    en: `The masked "${of(d, 'value')}" fits several values. Choose by number. Nothing was changed.`,
    next: [`doorstep conflict settle ${of(d, 'record')} ${of(d, 'field')} --choice N`],
  }),
}
