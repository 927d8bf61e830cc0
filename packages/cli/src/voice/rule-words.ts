import type { Words } from './language.ts'
import { type Detail, of } from './wording.ts'

/** What a value may be, in words. Rules of fields, of register cells and of mapping files share one vocabulary. */
export function ruleWords(rule: string, detail: Detail = {}): Words {
  const words = RULES[rule]
  return words ? words(detail) : [rule, rule]
}

export const hasRuleWords = (rule: string): boolean => Object.hasOwn(RULES, rule)

const fixed =
  (zh: string, en: string): ((detail: Detail) => Words) =>
  () => [zh, en]
const allowed = (d: Detail): Words => {
  const list = of(d, 'allowed')
  return list === '' ? ['', ''] : [`,可用:${list}`, `; allowed: ${list}`]
}
const found = (d: Detail): Words => {
  const text = of(d, 'value') || of(d, 'found')
  return text === '' ? ['', ''] : [`“${text}”`, `"${text}" `]
}
const limited =
  (zh: string, en: string, name: string): ((detail: Detail) => Words) =>
  (d) => [zh + (of(d, name) && `(${of(d, name)})`), en + (of(d, name) && ` (${of(d, name)})`)]
const spoken =
  (zh: string, en: string): ((detail: Detail) => Words) =>
  (d) => [found(d)[0] + zh, found(d)[1] + en]
const listed =
  (zh: string, en: string): ((detail: Detail) => Words) =>
  (d) => [found(d)[0] + zh + allowed(d)[0], found(d)[1] + en + allowed(d)[1]]
const otherRow =
  (zh: string, en: string): ((detail: Detail) => Words) =>
  (d) => [zh.replace('#', of(d, 'firstRow')), en.replace('#', of(d, 'firstRow'))]

const RULES: Readonly<Record<string, (detail: Detail) => Words>> = {
  // fields
  'calendar-days': fixed('应为 日期:[on或off, 名称] 的表', 'must be a list of days: date: [on or off, name]'),
  'time-limit': fixed(
    '应像 4wh(工时)、2wd(工作日)、24h、7d,或 none',
    'is like 4wh (working hours), 2wd (working days), 24h, 7d, or none',
  ),
  'alarm-chain': fixed(
    '应像 phone:0,worker:30,chief:120(先找谁,几分钟没人答再找谁)',
    'is like phone:0,worker:30,chief:120 (who first, and who after so many minutes without an answer)',
  ),
  'leave-too-long': fixed('超过一年;到时再报一次', 'is longer than a year; note it again then'),
  required: fixed('必须填写', 'must be filled in'),
  text: fixed('应为文字', 'must be text'),
  'too-long': limited('太长', 'too long', 'maxLength'),
  number: spoken('不是数字', 'is no number'),
  integer: spoken('不是整数', 'is no whole number'),
  'too-small': limited('太小', 'too small', 'min'),
  'too-large': limited('太大', 'too large', 'max'),
  boolean: spoken('不是“是”或“否”', 'is neither yes nor no'),
  'too-early': limited('早了,最早', 'is too early; the first day it may be', 'min'),
  'too-late': limited('晚了,最晚', 'is too late; the last day it may be', 'max'),
  date: spoken('不是日期(应为 年-月-日)', 'is no date (YYYY-MM-DD)'),
  choice: listed('不在可选值之中', 'is none of the choices'),
  id: fixed('不是对应记录的编号', 'is no id of such a record'),
  'not-differing': fixed(
    '两条说的一样,没有可选的',
    'is not said differently by the two, so there is nothing to choose',
  ),
  instant: spoken('不是时间', 'is no time'),
  masked: fixed('是打了星号的值,不能存回去', 'is a masked value, which cannot be saved'),
  'unknown-field': listed('没有这个字段', 'no such field'),
  'before-start': fixed('早于开始那天', 'lies before the first day'),
  'before-visit': fixed('早于探访当天', 'lies before the visit'),
  chain: fixed(
    '应为 [{step: again|neighbour|emergency|case, afterDays, times}],每步最多一次',
    'must be [{step: again|neighbour|emergency|case, afterDays, times}], each step once at most',
  ),
  'contact-is-not-met': fixed(
    '问了别人就是没见到本人:结果要用 absent,不填表',
    'whoever asked others has not met the resident: the outcome is absent, without a form',
  ),
  'heard-of-others': fixed('只在问了邻居或紧急联系人时用', 'goes with a neighbour or the emergency contact'),
  'id-number-shape': fixed('身份证号应为 18 位', 'an ID number has 18 characters'),
  'id-number-date': fixed('身份证号里的出生日期不存在', 'the birth date inside the ID number does not exist'),
  'id-number-check': fixed('身份证号校验位不对', 'the check character of the ID number is wrong'),
  // rows and cells of a register
  empty: fixed('是空的', 'is empty'),
  'empty-row': fixed('空行', 'empty rows'),
  'empty-key': fixed('是空的,认不出是哪一条', 'is empty: nothing says which record this is'),
  'not-a-number': spoken('不是数字', 'is no number'),
  'not-an-integer': spoken('不是整数', 'is no whole number'),
  'not-yes-or-no': spoken('不是“是”或“否”', 'is neither yes nor no'),
  'not-a-date': spoken('不是日期', 'is no date'),
  'not-a-choice': listed('不在可选值之中', 'is none of the choices'),
  'not-a-value': spoken('不能作为值', 'is no value'),
  'value-not-in-map': listed('在对照表里没有', 'is not in the mapping'),
  'unclosed-quote': fixed('引号没有合上', 'a quote is not closed'),
  'text-after-quote': fixed('引号之后还有文字', 'there is text after a closing quote'),
  'wrong-column-count': (d) => [
    `列数不对:应有 ${of(d, 'expected')} 列,却有 ${of(d, 'found')} 列`,
    `wrong number of columns: ${of(d, 'found')} instead of ${of(d, 'expected')}`,
  ],
  'duplicate-key': otherRow('与第 # 行是同一条', 'names the same record as row #'),
  'contradicts-row': otherRow('与第 # 行矛盾', 'contradicts row #'),
  'in-another-grid': limited('这幢楼已在另一个网格', 'the building lies in another grid already', 'grid'),
  'no-grid-yet': fixed('这幢楼还不属于任何网格', 'the building lies in no grid yet'),
  'room-too-long': fixed('排出的房号太长', 'a room number laid out is too long'),
  'rooms-not-distinct': fixed('排出的房号有重复', 'room numbers laid out are not distinct'),
  // cells of a workbook, and tables that come back
  'digits-lost': fixed(
    '是存成数字的长号码,表格软件已丢掉最后几位;请把这一列设为文本,重新填写',
    'is a long number stored as a number: the spreadsheet has lost its last digits; make the column text and type it again',
  ),
  'no-result': fixed(
    '是没有算过的公式;请在表格软件里打开并保存一次',
    'is a formula that was never computed; open the file in a spreadsheet and save it once',
  ),
  'error-value': fixed('是公式的错误值', 'is the error of a formula'),
  'is-a-date': fixed(
    '被表格软件当成了日期(如 3-1 变成 3月1日);请把这一列设为文本,重新填写',
    'was taken for a date by the spreadsheet (3-1 becomes the first of March); make the column text and type it again',
  ),
  'hidden-row': fixed('隐藏的行;要收,用 --hidden-rows', 'hidden rows; --hidden-rows takes them'),
  'no-id': fixed(
    '没有编号;新住户请用登记表和对照文件导入',
    'has no id; bring new homes in with a register and a mapping',
  ),
  'no-such-id': spoken('这个编号这里没有', 'is no id that is known here'),
  'moved-away': fixed('已迁往另一个网格', 'was moved to another grid'),
  // readings of a utility
  'unknown-meter': spoken('没有设备登记着这个表号', 'is the number of no device that is noted'),
  'several-devices': spoken('好几台设备登记着这个表号', 'is the number of several devices'),
  'no-consent': spoken('这块表的住户没有同意读它', 'is a meter that its home does not allow to be read'),
  'device-retired': spoken('这块表已停用', 'is a meter that was retired'),
  'unknown-unit': listed('不是这种量的单位', 'is no unit of what is measured'),
  'not-a-time': spoken('不是时间', 'is no time'),
  'no-such-time': spoken('这个时刻不存在(拨钟跳过)', 'is a time that clocks skipped'),
  'ambiguous-time': spoken('这个时刻有过两次(拨钟)', 'is a time that came twice when clocks were put back'),
  'impossible-time': spoken('这个时间不可能', 'is a time that cannot be'),
  'unknown-time-zone': spoken('不认识的时区', 'is no time zone that is known'),
  // mapping files
  'not-json': limited('不是 JSON', 'is not JSON', 'detail'),
  'not-an-object': fixed('应为对象 {…}', 'must be an object {…}'),
  'not-a-text': fixed('应为文字', 'must be a text'),
  'not-a-list': fixed('应为列表 […]', 'must be a list […]'),
  'not-true-or-false': fixed('应为 true 或 false', 'must be true or false'),
  'not-one-of': listed('不在可用值之中', 'is none of those known'),
  'not-exactly-one-of': listed('应恰好有一个', 'exactly one must be given'),
  'unknown-key': listed('没有人读这一项', 'nobody reads this'),
  'unknown-set': listed('没有这个集合', 'no such set'),
  'not-one-character': fixed('应为一个字符', 'must be one character'),
  'not-a-machine-word': fixed('应为小写字母、数字和连字符', 'must be lower-case letters, digits and dashes'),
  'needs-one-number': fixed('需要恰好一个 {n}', 'needs exactly one {n}'),
  'needs-door-number': fixed('需要门号 {n}', 'needs the number of the door, {n}'),
  'needs-unit-number': fixed('需要单元号 {u}', 'needs the number of the unit, {u}'),
  'needs-a-key': fixed('需要 key', 'needs a key'),
  'not-a-floor': fixed('不是楼层', 'is no floor'),
  'not-a-number-name': listed('不是编号的名称', 'is no name of a number'),
  'not-with-layout': fixed('不能与 layout 同时使用', 'does not go with a layout'),
  'made-by-layout': fixed('由 layout 生成,不能再写', 'is made by the layout'),
  'not-importable': fixed('这个字段不能导入', 'this field cannot be imported'),
  'linked-by-itself': fixed('会自动连上,不用写', 'is linked by itself'),
  'useless-beside-value': fixed('与 value 同时写没有作用', 'does nothing beside value'),
  'not-for-this-step': fixed('这一步不收也不交东西', 'nothing changes hands at this step'),
  'names-no-column': fixed('没有写任何列', 'names no column'),
}
