/** `or_other`: a choice "other", and a question that asks what. */
import { OTHER } from './choices.ts'
import { PLAIN_TYPES } from './question-types.ts'
import type { Group, Question } from './survey.ts'
import { type Column, Row } from './table.ts'

const column = (key: string, language = ''): Column => ({ key, language, header: key })

export function addOtherQuestions(group: Group): void {
  for (let at = 0; at < group.items.length; at++) {
    const item = group.items[at]!
    if (item.is !== 'question') addOtherQuestions(item)
    else if (item.type.is === 'select' && item.type.orOther) group.items.splice(++at, 0, whatElse(item))
  }
}

function whatElse({ name, row, parent, path }: Question): Question {
  const languages = [...row.texts('label').keys()]
  const cells = new Map<Column, string>([
    [column('relevant'), `selected(../${name}, '${OTHER}')`],
    ...(languages.length > 0 ? languages : ['']).map(
      (language) =>
        [
          column('label', language),
          isChinese(row.texts('label').get(language), language) ? '请说明' : 'Specify other.',
        ] as const,
    ),
  ])
  return {
    is: 'question',
    name: `${name}_other`,
    row: new Row(row.sheet, row.number, cells),
    type: { is: 'plain', type: 'text', of: PLAIN_TYPES.text! },
    parent,
    path: `${path}_other`,
  }
}

const isChinese = (label: string | undefined, language: string): boolean =>
  /\p{Script=Han}/u.test(label ?? '') || /zh|chinese/i.test(language)
