import type { FormProblem } from '@doorstep/core'
import type { Words } from './language.ts'
import { ruleWords } from './rule-words.ts'
import { type Catalogue, type Detail, of, type Wording } from './wording.ts'

/** What is wrong with one answer. Where the form's author wrote a message, that is what the person reads. */
const WORDS: Readonly<Record<FormProblem['type'], (detail: Detail) => Words>> = {
  'answer-required': () => ['必须回答', 'an answer is required'],
  'answer-breaks-constraint': (d) => [of(d, 'reason'), of(d, 'reason')],
  'answer-wrong-type': (d) => [
    `“${of(d, 'given')}” 读不成${kind(d)[0]}`,
    `"${of(d, 'given')}" is no ${kind(d)[1]}`,
  ],
  'answer-out-of-range': (d) => [
    `应在 ${of(d, 'min')} 到 ${of(d, 'max')} 之间`,
    `must be from ${of(d, 'min')} to ${of(d, 'max')}`,
  ],
  'answer-differs-from-calculation': () => ['与表单算出的不一样', 'differs from what the form calculates'],
  'answer-unfit-for-record': (d) => {
    const [zh, en] = ruleWords(of(d, 'rule'), d)
    return [`登记里收不了:${zh}`, `the register does not take this: ${en}`]
  },
  'choice-unknown': (d) => [
    `没有 ${of(d, 'given')} 这个选项,有:${of(d, 'choices')}`,
    `no such choice: ${of(d, 'given')}; there are ${of(d, 'choices')}`,
  ],
  'question-unknown': () => ['表单里没有这一题', 'the form has no such question'],
  'question-ambiguous': () => [
    '有好几题叫这个名,请写出路径',
    'several questions have this name; give the path',
  ],
  'question-not-relevant': () => ['照别的回答,这一题不用答', 'not asked, as the other answers are'],
  'question-readonly': () => ['这一题由表单自己填', 'the form fills this in by itself'],
  'question-unsupported': () => ['这种题这里还答不了', 'this kind of question cannot be answered here'],
  'repeat-unknown': () => ['表单里没有这个重复组', 'the form has no such repeat'],
  'repeat-fixed': () => ['这个重复组的数目由表单定', 'the form decides how many of these there are'],
  'expression-failed': () => ['表单里的算式算不出来', 'a calculation of the form failed'],
}

/** `expected`: a kind of question as forms have them. */
const kind = (d: Detail): Words => KINDS[of(d, 'expected')] ?? ['这一题的回答', 'answer to this question']
const KINDS: Readonly<Record<string, Words>> = {
  text: ['文字', 'text'],
  integer: ['整数', 'whole number'],
  decimal: ['数字', 'number'],
  range: ['范围内的数字', 'number of this range'],
  date: ['日期', 'date'],
  time: ['时间', 'time'],
  datetime: ['日期时间', 'date and time'],
  geopoint: ['位置', 'place'],
  geotrace: ['一串位置', 'line of places'],
  geoshape: ['一圈位置', 'area of places'],
  barcode: ['条码', 'barcode'],
  'select-one': ['选项', 'choice'],
  'select-many': ['选项', 'list of choices'],
  rank: ['排序', 'ranking'],
  trigger: ['打勾', 'tick'],
  upload: ['文件', 'file'],
}

/** `燃气软管:没有 x 这个选项…`: the question as the person reads it, then what is wrong. */
export function formProblemWords(problem: Detail): Words {
  const words = Object.hasOwn(WORDS, of(problem, 'type'))
    ? WORDS[problem.type as FormProblem['type']](problem)
    : null
  const label = of(problem, 'label') || of(problem, 'question')
  const [zh, en] = words ?? [of(problem, 'reason'), of(problem, 'reason')]
  return [`${label}:${zh}`, `${label}: ${en}`]
}

/** The same, where one answer is the whole problem. */
export const answerProblems: Catalogue = Object.fromEntries(
  Object.keys(WORDS).map((type) => [
    type,
    (detail: Detail): Wording => {
      const [zh, en] = formProblemWords({ ...detail, type })
      return { zh, en, next: ['doorstep form check FILE'] }
    },
  ]),
)
