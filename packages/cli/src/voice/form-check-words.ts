import type { CheckProblem, Fault, FaultType } from '@doorstep/core'
import type { Words } from './language.ts'

type About = { readonly about: string; readonly known: string; readonly column: string }

/** What is wrong in a workbook, to be read beside its sheet and row. */
const FAULTS: Readonly<Record<FaultType, (d: About) => Words>> = {
  'sheet-missing': (d) => [
    `没有名为“${d.about}”的工作表,有:${d.known}`,
    `there is no sheet called "${d.about}"; there are: ${d.known}`,
  ],
  'column-missing': (d) => [`缺少“${d.about}”列`, `the column "${d.about}" is missing`],
  'column-twice': (d) => [
    `有两列都是“${d.about}”,请删去或改名一列`,
    `two columns are "${d.about}"; delete or rename one`,
  ],
  'type-missing': (d) => [`“${d.about}”没有写题型(type)`, `"${d.about}" has no type`],
  'type-unknown': (d) => [`没有“${d.about}”这种题型`, `there is no question type "${d.about}"`],
  'type-not-supported': (d) => [
    `“${d.about}”这种题型在这里用不了,请换一种`,
    `the type "${d.about}" cannot be used here; choose another`,
  ],
  'name-missing': (d) => [`“${d.about}”这一行没有名字(name)`, `this row (${d.about}) has no name`],
  'name-invalid': (d) => [
    `名字“${d.about}”不能用:要以字母或下划线开头,不能有空格`,
    `the name "${d.about}" cannot be used: begin with a letter or underscore, without spaces`,
  ],
  'name-twice': (d) => [
    `名字“${d.about}”已经用过${d.known ? `(第 ${d.known} 行)` : ''}`,
    `the name "${d.about}" is taken already${d.known ? ` (row ${d.known})` : ''}`,
  ],
  'group-not-closed': (d) => [`${d.about} 没有结束行(end)`, `${d.about} is never ended`],
  'end-without-begin': (d) => [`“${d.about}”前面没有对应的 begin`, `"${d.about}" ends nothing`],
  'end-of-another': (d) => [
    `这里应是“${d.known}”,写的却是“${d.about}”`,
    `this should be "${d.known}", not "${d.about}"`,
  ],
  'list-missing': (d) => [
    `choices 里没有名为“${d.about}”的选项表${d.known ? `,有:${d.known}` : ''}`,
    `choices has no list "${d.about}"${d.known ? `; there are: ${d.known}` : ''}`,
  ],
  'list-not-named': (d) => [
    `选项“${d.about}”没有写属于哪个选项表(list_name)`,
    `the choice "${d.about}" says no list_name`,
  ],
  'list-unused': (d) => [`没有题目用到选项表“${d.about}”`, `no question uses the list "${d.about}"`],
  'choice-not-named': (d) => [
    `选项表“${d.about}”里有一个选项没有名字(name)`,
    `a choice of "${d.about}" has no name`,
  ],
  'choice-twice': (d) => [
    `选项“${d.about}”重复(第 ${d.known} 行);真要重复,请在 settings 写 allow_choice_duplicates = yes`,
    `the choice "${d.about}" is there twice (row ${d.known}); if you mean it, say allow_choice_duplicates = yes in settings`,
  ],
  'choice-has-space': (d) => [
    `多选和排序的选项名不能有空格:“${d.about}”`,
    `names of choices of which several may be taken cannot have spaces: "${d.about}"`,
  ],
  'choice-column-invalid': (d) => [
    `列名“${d.about}”不能用来筛选,没有收进表单`,
    `the column "${d.about}" cannot be filtered by, and is left out`,
  ],
  'function-unknown': (d) => [`这里没有 ${d.about}() 这个函数`, `there is no function ${d.about}() here`],
  'reference-unknown': (d) => [
    `没有名为“${d.about}”的题${d.known ? `,是不是:${d.known}` : ''}`,
    `there is no question called "${d.about}"${d.known ? `; did you mean ${d.known}` : ''}`,
  ],
  'reference-ambiguous': (d) => [
    `有好几题叫“${d.about}”(第 ${d.known} 行),请改名`,
    `several questions are called "${d.about}" (rows ${d.known}); rename them`,
  ],
  'reference-malformed': (d) => [
    `\${题名} 没有写完整:${d.about}`,
    `a reference is not written out as \${name}: ${d.about}`,
  ],
  'calculation-missing': (d) => [`“${d.about}”没有写算式(calculation)`, `"${d.about}" has no calculation`],
  'repeat-empty': (d) => [`重复组“${d.about}”里没有题`, `there is nothing in the repeat "${d.about}"`],
  'parameter-unknown': (d) => [
    `参数“${d.about}”在这里没有作用${d.known ? `,可用:${d.known}` : ''}`,
    `the parameter "${d.about}" does nothing here${d.known ? `; there are: ${d.known}` : ''}`,
  ],
  'parameter-invalid': (d) => [`参数写得不对:${d.about}`, `the parameters cannot be read: ${d.about}`],
  'trigger-invalid': (d) => [
    `trigger 要写会被问到的题,如 \${题名}:${d.about}`,
    `trigger needs a question that is asked, as \${name}: ${d.about}`,
  ],
  'file-name-invalid': (d) => [
    `“${d.about}”不是选项文件名,应以 ${d.known} 结尾`,
    `"${d.about}" is no file of choices: it should end in ${d.known}`,
  ],
  'namespace-unknown': (d) => [
    `前缀“${d.about}:”没有在 settings 的 namespaces 里说明,没有收进表单`,
    `the prefix "${d.about}:" is not declared under namespaces in settings, and is left out`,
  ],
  'setting-not-used': (d) => [`设置“${d.about}”在这里没有作用`, `the setting "${d.about}" does nothing here`],
  'sheet-not-used': (d) => [`工作表“${d.about}”在这里没有作用`, `the sheet "${d.about}" does nothing here`],
  'translation-missing': (d) => [`“${d.about}”缺少 ${d.column}`, `"${d.about}" has no ${d.column}`],
  'label-missing': (d) => [`“${d.about}”没有文字(label)`, `"${d.about}" has no label`],
  'appearance-not-supported': (d) => [
    `外观“${d.about}”不支持,请改用 select_one_from_file 和 choice_filter`,
    `the appearance "${d.about}" is not supported; use select_one_from_file and choice_filter`,
  ],
}

export const faultWords = ({ type, about = '', known = [], column = '' }: Fault): Words =>
  FAULTS[type]({ about, known: known.join(', '), column })

type Named = { readonly about: string; readonly language: string; readonly reason: string }

/** What is wrong with an XForm. What only the engine can say is in its own words. */
const CHECKS: Readonly<Record<CheckProblem['type'], (d: Named) => Words>> = {
  'form-not-xml': (d) => [`不是 XML:${d.reason}`, `this is no XML: ${d.reason}`],
  'form-not-xform': (d) => [`不是 ODK 表单:${d.reason}`, `this is no ODK form: ${d.reason}`],
  'form-not-supported': (d) => [`用了这里没有的功能:${d.reason}`, `it uses what is not here: ${d.reason}`],
  'form-attachment-missing': (d) => [`缺文件:${d.reason}`, `a file is missing: ${d.reason}`],
  'form-engine-unavailable': (d) => [
    `表单引擎起不来:${d.reason}`,
    `the form engine does not start: ${d.reason}`,
  ],
  'draft-unreadable': (d) => [d.reason, d.reason],
  'draft-of-other-form': (d) => [d.reason, d.reason],
  'function-unknown': (d) => [`这里没有 ${d.about}() 这个函数`, `there is no function ${d.about}() here`],
  'path-missing': (d) => [
    `提到的 ${d.about} 不存在,取不到值`,
    `it mentions ${d.about}, which does not exist and is always empty`,
  ],
  'node-missing': (d) => [`${d.about} 不在表单的数据里`, `${d.about} is not among the form's data`],
  'node-twice': (d) => [
    `有两题都叫“${d.about}”,又不是重复组`,
    `two questions are called "${d.about}", in no repeat`,
  ],
  'instance-missing': (d) => [
    `没有名为“${d.about}”的选项表或文件`,
    `there is no list or file called "${d.about}"`,
  ],
  'instance-unused': (d) => [`没有题目用到选项表“${d.about}”`, `nothing uses the list "${d.about}"`],
  'text-missing': (d) => [`没有文字 ${d.about}`, `there is no text ${d.about}`],
  'media-missing': (d) => [
    `缺文件 ${d.about},请放在表单旁边,或用 --media 给出`,
    `the file ${d.about} is missing: put it beside the form, or give it with --media`,
  ],
  'question-unsupported': (d) => [
    `“${d.about}”这种题在终端里答不了`,
    `"${d.about}" is of a kind that cannot be answered in a terminal`,
  ],
  'label-missing': (d) => [
    `“${d.about}”没有文字${d.language ? `(${d.language})` : ''}`,
    `"${d.about}" has no label${d.language ? ` in ${d.language}` : ''}`,
  ],
  'choices-missing': (d) => [
    `还没有回答任何题时,“${d.about}”没有可选的`,
    `"${d.about}" has nothing to choose from as long as nothing is answered`,
  ],
  'engine-warning': (d) => [d.reason, d.reason],
  'rule-unknown-field': (d) => [`登记里没有“${d.about}”这个字段`, `the register has no field "${d.about}"`],
  'rule-unfit': (d) => [
    `登记规则 ${d.about} 用在这一题上不合:${d.reason}`,
    `the rule ${d.about} does not fit this question: ${d.reason}`,
  ],
}

export const checkWords = ({ type, about = '', language = '', reason }: CheckProblem): Words =>
  CHECKS[type]({ about, language, reason })
