import type { FormProblem } from '@doorstep/core'
import { type Language, say, type Words } from '../voice/language.ts'
import { ruleWords } from '../voice/rule-words.ts'
import type { Outcome } from './screens.ts'

/** What the screens say more than once. Short: it is read at arm's length. */

export const outcomeWords: Readonly<Record<Outcome, Words>> = {
  met: ['见到本人', 'Met in person'],
  absent: ['无人应答', 'Nobody home'],
  refused: ['拒访', 'Refused'],
}

export const outcomeText = (outcome: string | null, language: Language): string =>
  outcome !== null && Object.hasOwn(outcomeWords, outcome)
    ? say(language, outcomeWords[outcome as Outcome])
    : (outcome ?? '')

export const gradeText = (grade: string | null, language: Language): string =>
  grade === 'serious'
    ? say(language, ['严重', 'Serious'])
    : grade === 'ordinary'
      ? say(language, ['一般', 'Ordinary'])
      : ''

export const modeText = (mode: string | null, language: Language): string =>
  say(
    language,
    (
      {
        door: ['上门', 'at the door'],
        phone: ['电话', 'by phone'],
        video: ['视频', 'by video'],
        paper: ['纸面', 'on paper'],
        remote: ['远程监测', 'remote'],
      } as Readonly<Record<string, Words>>
    )[mode ?? ''] ?? ['', ''],
  )

export const nextWords: readonly Words[] = [
  ['按规则', 'by the rules'],
  ['明天', 'tomorrow'],
  ['三天后', 'in three days'],
  ['一周后', 'in a week'],
]

const PROBLEMS: Readonly<Record<FormProblem['type'], Words>> = {
  'answer-required': ['这一题必须回答', 'This needs an answer'],
  'answer-breaks-constraint': ['这个回答不合要求', 'This answer is not allowed'],
  'answer-wrong-type': ['看不懂这个回答', 'This cannot be read'],
  'answer-out-of-range': ['超出范围', 'Out of range'],
  'answer-differs-from-calculation': ['和表单算出的不一样', 'Not what the form calculates'],
  'answer-unfit-for-record': ['登记里收不了这个回答', 'The register does not take this answer'],
  'choice-unknown': ['没有这个选项', 'There is no such choice'],
  'question-unknown': ['表单里没有这一题', 'The form has no such question'],
  'question-ambiguous': ['有好几题叫这个名字', 'Several questions bear this name'],
  'question-not-relevant': ['这一题现在不用答', 'This is not asked now'],
  'question-readonly': ['这一题只供阅读', 'This is for reading only'],
  'question-unsupported': ['这种题目在这里答不了', 'This kind of question cannot be answered here'],
  'repeat-unknown': ['没有这一组', 'There is no such part'],
  'repeat-fixed': ['有几组由表单决定', 'The form itself decides how many there are'],
  'expression-failed': ['表单自己的算式出错了', 'A rule of the form itself failed'],
}
const EXPECTED: Readonly<Record<string, Words>> = {
  integer: ['请填整数', 'A whole number, please'],
  decimal: ['请填数字', 'A number, please'],
  range: ['请填数字', 'A number, please'],
  numbers: ['只要数字和 + - . # *', 'Only digits and + - . # *, please'],
  date: ['请填日期,如 12-01 或 +7', 'A date, please: 12-01, or +7 for in a week'],
  time: ['请填时间,如 14:30', 'A time, please: 14:30'],
  datetime: ['请填日期和时间,如 3-5 14:30', 'Date and time, please: 3-5 14:30'],
  geopoint: ['请填纬度和经度,如 31.2304,121.4737', 'Latitude and longitude, please: 31.2304,121.4737'],
  geotrace: ['请填两个以上的地点,用 ; 隔开', 'Two places or more, with ; between them, please'],
  geoshape: ['请填三个以上的地点,用 ; 隔开', 'Three places or more, with ; between them, please'],
  upload: ['这个文件用不了', 'This file cannot be taken'],
  rank: ['每一项都要排进去', 'Every choice has a place in the order, please'],
}

/** Why a file is no answer: it is not there, or is something else. */
const fileWords = ({ because, given }: FormProblem): Words =>
  because === 'no-consent'
    ? [
        '这一户没有同意拍照、录音,不能收。同意了先登记:doorstep consent give',
        'This household has not consented to photos and recordings. If it does, write that down: doorstep consent give',
      ]
    : because === 'file-unreadable'
      ? [`读不到 ${String(given)}`, `Cannot read ${String(given)}`]
      : because === 'attachment-too-large'
        ? [`${String(given)} 太大`, `${String(given)} is too large`]
        : because === 'attachment-empty'
          ? [`${String(given)} 是空的`, `${String(given)} is empty`]
          : [
              `${String(given)} 不是这里要的那种文件`,
              `${String(given)} is not the kind of file that is wanted here`,
            ]

/** Why an answer does not do. A form's own author has the word first; the engine's defaults are said in ours. */
export function formProblemText(problem: FormProblem, language: Language): string {
  const { type, reason, expected, min, max } = problem
  if (expected === 'upload') return say(language, fileWords(problem))
  if (type === 'answer-wrong-type' && typeof expected === 'string' && Object.hasOwn(EXPECTED, expected))
    return say(language, EXPECTED[expected]!)
  if (type === 'answer-unfit-for-record') {
    const [zh, en] = ruleWords(String(problem.rule), problem)
    return say(language, [`登记里收不了:${zh}`, `The register does not take this: ${en}`])
  }
  if (type === 'answer-out-of-range')
    return say(language, [`要在 ${min} 到 ${max} 之间`, `From ${min} to ${max}, please`])
  const byAuthor = type === 'answer-required' || type === 'answer-breaks-constraint'
  const isDefault =
    reason === '' || reason === 'an answer is required' || reason === 'the answer is not allowed here'
  return byAuthor && !isDefault ? reason : say(language, PROBLEMS[type])
}

export const holdReasons: Readonly<Record<string, Words>> = {
  'log-frozen': ['这份日志分了岔', 'its log forked'],
  'station-not-standing': ['那台机器已不属于社区', 'that machine no longer belongs'],
}
