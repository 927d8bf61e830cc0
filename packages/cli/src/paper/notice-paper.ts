/** Notices for the door: folded once, nothing but the door's number can be read from outside, and no reason is named. */
import type { CaseRow } from '@doorstep/core'
import { type Language, say, type Words } from '../voice/language.ts'
import { valueText } from '../voice/value-text.ts'
import type { Block, PaperSheet } from './block.ts'

export const NOTICE_KINDS = ['absent', 'hazard', 'appointment'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export type Notice = {
  readonly kind: NoticeKind
  readonly language: Language
  readonly size: number
  readonly address: string
  readonly community: string
  readonly contact: string | null
  /** Who came. */
  readonly worker: string
  /** YYYY-MM-DD: of the visit, or of the appointment. */
  readonly on: string
  /** `14:30`, as somebody gave it. */
  readonly at: string | null
  readonly today: string
  /** What is to be put right. */
  readonly hazards: readonly Pick<CaseRow, 'title' | 'grade' | 'deadline'>[]
}

export function noticePaper(notice: Notice): PaperSheet {
  const { language, size, address, community, today } = notice
  const said = (words: Words) => say(language, words)
  return {
    title: said(['致本户', 'To this household']),
    lead: [address],
    code: null,
    size,
    foot: `${community} · ${today}`,
    blocks: [
      {
        type: 'text',
        size,
        tone: 'quiet',
        text: said(['(沿中线对折,字朝里)', '(fold along the middle, the writing inside)']),
      },
      // The upper half is the outside of what is folded.
      { type: 'space', height: 210 },
      { type: 'rule' },
      { type: 'space', height: size / 2 },
      ...bodyOf(notice, said),
      { type: 'space', height: size / 2 },
      ...reach(notice, said),
    ],
  }
}

type Said = (words: Words) => string

function bodyOf(notice: Notice, said: Said): Block[] {
  const { kind, size, worker, on, at, community, hazards, language } = notice
  const when = [on, at].filter(Boolean).join(' ')
  const text = (words: Words): Block => ({ type: 'text', size, text: said(words) })
  const title = (words: Words): Block => ({
    type: 'text',
    size: size + 6,
    weight: 'strong',
    text: said(words),
  })
  switch (kind) {
    case 'absent':
      return [
        title(['我们来过', 'We called, and nobody was in']),
        text([
          `${when} ${community} ${worker} 来访,没有人应门。我们会再来;您也可以打电话约一个方便的时间。`,
          `${worker} of ${community} was at your door on ${when}. We shall come again; or call us, and name a time that suits you.`,
        ]),
      ]
    case 'appointment':
      return [
        title(['上门时间', 'We shall come']),
        { type: 'text', size: size + 4, weight: 'strong', text: when },
        text([
          `${community} ${worker} 到时上门。不方便请打电话改时间。来人会出示工作证;不收任何费用。`,
          `${worker} of ${community} will be at your door. If that does not suit you, call us. Whoever comes shows a pass, and takes no fee.`,
        ]),
      ]
    case 'hazard':
      return [
        title(['检查结果告知', 'Result of the inspection']),
        text([
          `${on} ${community} ${worker} 检查,结果如下:`,
          `Inspected on ${on} by ${worker} of ${community}:`,
        ]),
        ...(hazards.length === 0
          ? [text(['没有发现隐患。', 'No hazard was found.'])]
          : hazards.map(
              (one): Block => ({
                type: 'group',
                blocks: [
                  { type: 'boxes', size, labels: [one.title ?? ''] },
                  {
                    type: 'text',
                    size,
                    indent: size * 1.4,
                    tone: 'quiet',
                    text: [
                      valueText('case', 'grade', one.grade, language),
                      one.deadline &&
                        said([`请在 ${one.deadline} 前整改`, `to be put right by ${one.deadline}`]),
                    ]
                      .filter(Boolean)
                      .join(said([',', ', '])),
                  },
                ],
              }),
            )),
        { type: 'space', height: size / 2 },
        text([
          '住户签收 ______________    检查人 ______________',
          'Received by __________   Inspected by __________',
        ]),
      ]
  }
}

/** How to answer, without a telephone of one's own too. */
function reach({ size, contact }: Notice, said: Said): Block[] {
  return [
    {
      type: 'group',
      blocks: [
        { type: 'rule' },
        {
          type: 'text',
          size,
          weight: 'strong',
          text: contact
            ? said([`联系我们:${contact}`, `To reach us: ${contact}`])
            : said(['联系我们:________________________', 'To reach us: ________________________']),
        },
        {
          type: 'text',
          size,
          text: said([
            '没有电话也可以到居委会来,或请邻居捎话。',
            'Without a telephone: come to the office, or send word by a neighbour.',
          ]),
        },
      ],
    },
  ]
}
