import type { CheckedQuestion, FormUse } from '@doorstep/core'
import type { Finding } from '../station/check-read-form.ts'
import type { ExportedSubmissions } from '../station/export-submissions.ts'
import type { FormHere } from '../station/forms-here.ts'
import { type Language, plural, say, type Words } from './language.ts'
import { labelled, table } from './table.ts'

const USES: Readonly<Record<FormUse, Words>> = {
  household: ['住户走访', 'visits to households'],
  person: ['人', 'people'],
  case: ['案件', 'cases'],
}
export const usesText = (uses: readonly FormUse[], language: Language): string =>
  uses.map((use) => say(language, USES[use])).join(say(language, ['、', ', ']))

export function formsText(forms: readonly FormHere[], all: boolean, language: Language): string {
  const head = [
    'id',
    say(language, ['版本', 'Version']),
    say(language, ['名称', 'Title']),
    say(language, ['用于', 'For']),
    say(language, ['探访', 'Visits']),
    ...(all ? [say(language, ['状态', 'State'])] : []),
  ]
  const rows = forms.map((form) => [
    form.id,
    form.version || '—',
    form.title,
    usesText(form.for, language),
    form.visits === null ? '' : String(form.visits),
    ...(all ? [stateText(form, language)] : []),
  ])
  return table(head, rows)
}

const stateText = ({ retired, current, clashes }: FormHere, language: Language): string =>
  [
    retired
      ? say(language, ['停用', 'retired'])
      : current
        ? say(language, ['现用', 'in use'])
        : say(language, ['旧版', 'older']),
    clashes &&
      say(language, [
        '同版本有两份,请换版本号再加一次',
        'added twice apart: add it anew with another version',
      ]),
  ]
    .filter(Boolean)
    .join(' · ')

export function addedFormText(
  added: {
    readonly id: string
    readonly version: string
    readonly title: string
    readonly known: boolean
    readonly uses: readonly FormUse[]
    readonly questions: number
    readonly files: readonly string[]
  },
  problems: readonly Finding[],
  language: Language,
): string {
  const { id, version, title, known, uses, questions, files } = added
  const name = say(language, [`${title}(${id} v${version || '—'})`, `${title} (${id} v${version || '—'})`])
  return [
    known
      ? say(language, [`${name}早已在社区里,没有改动。`, `${name} is in the community already, as it is.`])
      : say(language, [
          `已加进社区:${name},${questions} 题${files.length > 0 ? `,附 ${files.join('、')}` : ''};用于${usesText(uses, language)}。下次同步就到各台机器。`,
          `Added: ${name}, ${plural(questions, 'question')}${files.length > 0 ? `, with ${files.join(', ')}` : ''}; for ${usesText(uses, language)}. The next sync takes it to the other machines.`,
        ]),
    ...problems.map(({ where, reason }) => `  · ${where}: ${reason}`),
  ].join('\n')
}

export function formText(
  form: FormHere,
  versions: readonly FormHere[],
  {
    questions,
    languages,
  }: { readonly questions: readonly CheckedQuestion[]; readonly languages: readonly string[] },
  language: Language,
): string {
  return [
    labelled([
      ['id', form.id],
      [say(language, ['名称', 'Title']), form.title],
      [say(language, ['版本', 'Version']), `${form.version || '—'}  ${stateText(form, language)}`],
      [say(language, ['用于', 'For']), usesText(form.for, language)],
      [say(language, ['语言', 'Languages']), languages.join('、')],
      [say(language, ['附带文件', 'Files']), form.files.map(({ name }) => name).join('、')],
      [
        say(language, ['探访', 'Visits']),
        `${form.visits ?? 0}${form.lastUsedOn ? `  ${say(language, ['最近', 'last'])} ${form.lastUsedOn}` : ''}`,
      ],
      [
        say(language, ['各版本', 'Versions']),
        versions
          .map((one) => `${one.version || '—'} ${stateText(one, language)} ${one.visits ?? 0}`)
          .join(' | '),
      ],
    ]),
    table(
      [
        say(language, ['题', 'Question']),
        say(language, ['种类', 'Kind']),
        say(language, ['必答', 'Required']),
        say(language, ['名', 'Name']),
      ],
      questions.map(({ label, kind, required, name }) => [
        label,
        kind,
        required ? say(language, ['必答', 'yes']) : '',
        name,
      ]),
    ),
  ].join('\n\n')
}

export function exportedSubmissionsText(exported: ExportedSubmissions, language: Language): string {
  const { submissions, files, masked, unreadable, unknownVersions } = exported
  return [
    say(language, [
      `导出了 ${submissions} 份填报${masked ? ',自己写的话打了星号' : ',没有打星号'}。已记入日志。`,
      `Exported ${plural(submissions, 'submission')}, ${masked ? 'what was said in own words masked' : 'without masks'}. It is written down.`,
    ]),
    ...files.map(({ file, rows }) => `  ${file}  ${say(language, [`${rows} 行`, plural(rows, 'row')])}`),
    unreadable > 0 &&
      say(language, [
        `${unreadable} 次探访没有可读的填报,不在其中。`,
        `${plural(unreadable, 'visit')} without a submission that can be read, not among them.`,
      ]),
    unknownVersions.length > 0 &&
      say(language, [
        `这些版本的表单不在本机,回答全当作自己的话:${unknownVersions.join('、')}`,
        `The form is not here in these versions, so all answers count as own words: ${unknownVersions.join(', ')}`,
      ]),
  ]
    .filter((line) => line !== false)
    .join('\n')
}
