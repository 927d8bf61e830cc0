/** A form on paper: what the engine would ask one after the other, with boxes to tick and lines to write on. */
import { codeInQr, codeText, type FormSheet, type Question, type SheetPart } from '@doorstep/core'
import { type Language, say, type Words } from '../voice/language.ts'
import { conditionText } from '../voice/sheet-text.ts'
import type { Block, PaperSheet } from './block.ts'

export type FormPaper = {
  readonly form: FormSheet
  readonly language: Language
  /** Points: of the questions; nothing to be read at the door is smaller. */
  readonly size: number
  readonly code: string
  /** As masks allow; null for a blank sheet. */
  readonly household: { readonly address: string; readonly name: string | null } | null
  readonly community: string
  readonly printedOn: string
}

export function formPaper({
  form,
  language,
  size,
  code,
  household,
  community,
  printedOn,
}: FormPaper): PaperSheet {
  const said = (words: Words) => say(language, words)
  return {
    title: form.title,
    lead: household
      ? [household.address, ...(household.name ? [household.name] : [])]
      : [said(['门牌 ____________________', 'Door ____________________'])],
    code: { qr: codeInQr(code), text: codeText(code) },
    foot: `${community} · ${form.id}${form.version ? ` v${form.version}` : ''} · ${said(['印于', 'printed'])} ${printedOn}`,
    size,
    blocks: [
      ...intro(language, size),
      ...questions(form.parts, language, size),
      { type: 'space', height: size },
      ...signatures(language, size),
    ],
  }
}

const intro = (language: Language, size: number): Block[] => [
  {
    type: 'group',
    blocks: [
      { type: 'text', size, text: `${say(language, ['填表日期', 'Filled in on'])}  ${dayBlank(language)}` },
      {
        type: 'boxes',
        size,
        labels: [
          say(language, ['本人在场', 'In person']),
          say(language, ['家人代答', 'A relative answered']),
          say(language, ['无人应答', 'Nobody home']),
          say(language, ['拒访', 'Refused']),
        ],
      },
      { type: 'rule' },
    ],
  },
]

const signatures = (language: Language, size: number): Block[] => [
  {
    type: 'group',
    blocks: [
      {
        type: 'text',
        size,
        text: say(language, [
          '住户签名 ______________    网格员签名 ______________',
          'Household ______________    Worker ______________',
        ]),
      },
      { type: 'space', height: size / 2 },
      {
        type: 'text',
        size: size - 2,
        tone: 'quiet',
        text: say(language, [
          '回到工作站:按 / 键,扫描或输入第一页右上角的编号,照表填入。',
          'Back at the workstation: press /, scan or type the code at the top of page 1, and type the answers in.',
        ]),
      },
    ],
  },
]

export const dayBlank = (language: Language): string =>
  say(language, ['________ 年 ____ 月 ____ 日', '________ - ____ - ____ (y-m-d)'])

/** A follow-up stands below what asks for it, further in. */
const INDENT = 22

function questions(parts: readonly SheetPart[], language: Language, size: number): Block[] {
  const blocks: Block[] = []
  let condition = ''
  let before = ''
  const said = new Set<string>()
  for (const part of parts) {
    const only = part.only ? conditionText(part.only, language) : ''
    const told: Block[] =
      only === '' || only === condition
        ? []
        : [
            {
              type: 'text',
              size,
              tone: 'quiet',
              indent: part.type === 'heading' ? 0 : INDENT,
              text: say(language, [`» 只在${only}时填:`, `» Only if ${only}:`]),
            },
          ]
    if (part.type === 'heading') said.clear()
    condition = part.type === 'heading' ? '' : only
    const indent = only === '' || part.type === 'heading' ? 0 : INDENT
    blocks.push({
      type: 'group',
      blocks: [...told, ...partBlocks(part, { language, size, indent, before, said })],
    })
    if (part.type === 'question' && only === '') before = part.question.label
  }
  return blocks
}

type Place = {
  readonly language: Language
  readonly size: number
  readonly indent: number
  /** The question that asks for this one: its label is not said again. */
  readonly before: string
  /** Hints that this section gave already: many follow-ups have the same. */
  readonly said: Set<string>
}

function partBlocks(part: SheetPart, place: Place): Block[] {
  const { language, size, indent } = place
  switch (part.type) {
    case 'heading': {
      const time = part.time && say(language, [`第 ${part.time.at} 个`, `number ${part.time.at}`])
      const label = [part.label, time].filter(Boolean).join(' · ')
      return [
        { type: 'space', height: size * 0.6 },
        { type: 'text', text: label, size: size + (part.level === 1 ? 3 : 1), weight: 'strong' },
        ...(part.time?.more
          ? [
              {
                type: 'text' as const,
                size,
                tone: 'quiet' as const,
                text: say(language, [
                  '(还有更多,另附一张纸写明)',
                  '(for more of these, write on a further sheet)',
                ]),
              },
            ]
          : []),
      ]
    }
    case 'note':
      return [{ type: 'text', text: part.label, size, indent, tone: 'quiet' }]
    case 'uncounted':
      return [
        { type: 'text', text: part.label, size, indent, weight: 'strong' },
        {
          type: 'text',
          size,
          indent,
          tone: 'quiet',
          text: say(language, ['有几个就写几个:', 'As many as there are:']),
        },
        { type: 'lines', count: 3, size, indent },
      ]
    case 'question':
      return questionBlocks(part, place)
  }
}

function questionBlocks(
  { number, question, rule }: Extract<SheetPart, { readonly type: 'question' }>,
  { language, size, indent, before, said }: Place,
): Block[] {
  const prefix = [`${before}：`, `${before}:`].find((one) => before !== '' && question.label.startsWith(one))
  const label = prefix ? question.label.slice(prefix.length).trim() : question.label
  const many = question.kind === 'select-many' ? say(language, ['(可多选)', ' (tick all that apply)']) : ''
  const must = question.required ? '' : say(language, ['(可不填)', ' (may be left blank)'])
  const blank = question.readonly ? null : shortBlank(question, language)
  const hints: string[] = []
  for (const hint of [
    question.hint,
    rule && ('words' in rule ? rule.words : conditionText(rule.condition, language)),
  ]) {
    if (!hint || said.has(hint)) continue
    said.add(hint)
    hints.push(hint)
  }
  return [
    { type: 'space', height: size * 0.35 },
    {
      type: 'text',
      text: [`${number}. ${label}${many}${must}`, blank].filter(Boolean).join('  '),
      size,
      indent,
    },
    ...hints.map((text) => ({ type: 'text', text, size, indent: indent + INDENT, tone: 'quiet' }) as const),
    ...(blank === null && !question.readonly ? answerBlocks(question, language, size, indent + INDENT) : []),
  ]
}

/** Answers of a known shape stand on the line of their question. */
function shortBlank({ kind, range }: Question, language: Language): string | null {
  switch (kind) {
    case 'integer':
    case 'decimal':
      return '________'
    case 'range':
      return range ? `________ (${range.min} – ${range.max})` : '________'
    case 'date':
      return dayBlank(language)
    case 'time':
      return '____ : ____'
    case 'datetime':
      return `${dayBlank(language)}  ____ : ____`
    case 'geopoint':
      return say(language, ['纬度 __________  经度 __________', 'latitude __________  longitude __________'])
    default:
      return null
  }
}

function answerBlocks(question: Question, language: Language, size: number, indent: number): Block[] {
  const { kind, choices, appearances } = question
  const quiet = (words: Words): Block => ({
    type: 'text',
    size,
    indent,
    tone: 'quiet',
    text: say(language, words),
  })
  const lines = (count: number): Block => ({ type: 'lines', count, size, indent })
  const boxes = (labels: readonly string[]): Block => ({ type: 'boxes', labels, size, indent })
  const labels = choices.map(({ label }) => label)
  switch (kind) {
    case 'select-one':
    case 'select-many':
      // A list that another answer chooses from is not known on a blank sheet.
      return [labels.length > 0 ? boxes(labels) : lines(1)]
    case 'rank':
      return [
        quiet(['在前面写上 1、2、3…', 'Write 1, 2, 3 … before them']),
        ...labels.map((label): Block => ({ type: 'text', text: `____ ${label}`, size, indent })),
      ]
    case 'trigger':
      return [boxes([say(language, ['是', 'Yes'])])]
    case 'text':
      return [lines(appearances.includes('multiline') && indent === INDENT ? 3 : 1)]
    case 'upload':
      return [boxes([say(language, ['已拍照,回去放进来', 'Taken, to be added later'])])]
    case 'unsupported':
      return [quiet(['这种题纸上填不了', 'This kind of question cannot be answered on paper'])]
    default:
      return []
  }
}
