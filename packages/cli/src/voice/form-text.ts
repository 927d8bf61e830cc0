import type { FilledForm } from '@doorstep/core'
import type { CheckedReadForm } from '../station/check-read-form.ts'
import { formProblemWords } from './form-words.ts'
import { type Language, say } from './language.ts'
import { table } from './table.ts'

export function checkedFormText(checked: CheckedReadForm, language: Language): string {
  const verdict = checked.ok
    ? say(language, ['可以用。', 'It can be used.'])
    : say(language, ['用不了。', 'It cannot be used.'])
  const count = say(language, [`${checked.questions.length} 题`, `${checked.questions.length} questions`])
  return [
    [checked.title, checked.version && `v${checked.version}`, count, verdict].filter(Boolean).join('  '),
    ...checked.problems.map(({ blocking, where, reason }) => `  ${blocking ? '✗' : '·'} ${where}: ${reason}`),
    checked.questions.length > 0 &&
      table(
        [
          say(language, ['题', 'Question']),
          say(language, ['种类', 'Kind']),
          say(language, ['必答', 'Required']),
          say(language, ['名', 'Name']),
        ],
        checked.questions.map(({ label, kind, required, name }) => [
          label,
          kind,
          required ? say(language, ['必答', 'yes']) : '',
          name,
        ]),
      ),
  ]
    .filter((part) => part !== false)
    .join('\n')
}

export function filledFormText(
  { valid, problems, submission }: FilledForm,
  hazards: readonly { readonly title: { readonly zh: string; readonly en: string } }[],
  language: Language,
): string {
  if (!valid)
    return [
      say(language, ['回答还不能收:', 'The answers cannot be taken yet:']),
      ...problems.map((problem) => `  ${say(language, formProblemWords(problem))}`),
    ].join('\n')
  return [
    say(language, ['回答齐全。', 'The answers are complete.']),
    ...hazards.map(
      ({ title }) => `  ${say(language, ['会开案件', 'would open a case'])}: ${title[language]}`,
    ),
    submission,
  ].join('\n')
}
