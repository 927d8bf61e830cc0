/** "What we hold about you", for the person to keep: every record in plain text, in both languages, large. */
import {
  categoryLabel,
  definitionOf,
  errandStepLabel,
  isCaseStep,
  isErrandStep,
  isRevealReason,
  type PersonCopy,
  type Projection,
  type RetentionClass,
  type RetentionRow,
  recordTypes,
  revealReasons,
  stepLabel,
  type TimelineItem,
  type Value,
} from '@doorstep/core'
import type { Words } from '../voice/language.ts'
import { instantOnPaper } from '../voice/time.ts'
import { fieldLabel, valueText } from '../voice/value-text.ts'
import type { Block, PaperSheet } from './block.ts'

export type RecordPaper = {
  readonly copy: PersonCopy
  readonly size: number
  readonly community: string
  readonly contact: string | null
  readonly today: string
  readonly timeZone: string
  readonly retention: readonly RetentionRow[]
  /** What members are called. */
  readonly memberName: (member: string) => string
}

type Section = {
  readonly types: readonly string[]
  readonly title: Words
  readonly purpose: Words
  readonly keeps: RetentionClass
}

const DUTY: Words = [
  '依据:社区的法定职责(个人信息保护法第13、34条)',
  'Basis: the legal duty of the community (PIPL art. 13, 34)',
]

/** In the order of what a person asks first. What no section names is printed last, all the same. */
const SECTIONS: readonly Section[] = [
  {
    types: ['person', 'residence'],
    title: ['您和您的住处', 'You, and where you live'],
    purpose: [
      '用途:知道谁住在这里,需要时找得到您',
      'Purpose: to know who lives here, and to find you when you need us',
    ],
    keeps: 'person',
  },
  {
    types: ['household', 'dwelling', 'building', 'device'],
    title: ['您家', 'Your home'],
    purpose: ['用途:上门服务和安全检查', 'Purpose: visits and safety checks'],
    keeps: 'household',
  },
  {
    types: ['visit'],
    title: ['探访', 'Visits'],
    purpose: ['用途:关心和安全检查的记录', 'Purpose: what visits and safety checks found'],
    keeps: 'visit',
  },
  {
    types: ['case'],
    title: ['案件', 'Cases'],
    purpose: ['用途:把事情办完,办得清楚', 'Purpose: to see a matter through'],
    keeps: 'case',
  },
  {
    types: ['alarm'],
    title: ['报警', 'Alarms'],
    purpose: [
      '用途:设备觉得不对时,有人来看您',
      'Purpose: that somebody comes when a device finds something wrong',
    ],
    keeps: 'alarm',
  },
  {
    types: ['review'],
    title: ['设备评估', 'Reviews of your devices'],
    purpose: ['用途:设备好不好用、留不留,听您的', 'Purpose: whether a device is kept, with your word on it'],
    keeps: 'review',
  },
  {
    types: ['leave'],
    title: ['外出报备', 'Leave notices'],
    purpose: [
      '用途:您不在家时,没人会因为没用水来敲门',
      'Purpose: that nobody knocks because nothing is used while you are away',
    ],
    keeps: 'leave',
  },
  {
    types: ['errand'],
    title: ['帮办代办', 'Errands'],
    purpose: [
      '用途:替您办事,交接清楚',
      'Purpose: to do what you asked for, with everything handed over accounted for',
    ],
    keeps: 'errand',
  },
  {
    types: ['consent'],
    title: ['您同意过什么', 'What you agreed to'],
    purpose: [
      '用途:证明您同意过,您随时可以撤回',
      'Purpose: to prove what you agreed to; you may take it back at any time',
    ],
    keeps: 'consent',
  },
  {
    types: ['reveal'],
    title: ['谁看过被遮住的内容', 'Who looked behind the masks'],
    purpose: ['用途:让您知道谁看过、为什么', 'Purpose: that you know who looked, and why'],
    keeps: 'reveal',
  },
  {
    types: ['export'],
    title: ['打印过、带出过什么', 'What was printed or given out'],
    purpose: ['用途:让您知道什么离开过这里', 'Purpose: that you know what left this place'],
    keeps: 'export',
  },
]
const REST: Section = {
  types: [],
  title: ['其他', 'Other'],
  purpose: ['', ''],
  keeps: 'household',
}

export function recordPaper(paper: RecordPaper): PaperSheet {
  const { copy, size, community, contact, today } = paper
  const named = new Set(SECTIONS.flatMap(({ types }) => types))
  return {
    title: '我们掌握的您的信息 What we hold about you',
    lead: [community, `${today}`],
    code: null,
    size,
    foot: `${community} · ${today}`,
    blocks: [
      {
        type: 'text',
        size,
        text: '这是您要的副本。有错可以要求改正,不再需要的可以要求删除。 This is the copy that you asked for. You may have mistakes put right, and have erased what is needed no longer.',
      },
      ...(contact ? [{ type: 'text' as const, size, weight: 'strong' as const, text: contact }] : []),
      { type: 'rule' },
      ...SECTIONS.flatMap((section) =>
        sectionBlocks(
          section,
          copy.records.filter(({ type }) => section.types.includes(type)),
          paper,
        ),
      ),
      ...sectionBlocks(
        REST,
        copy.records.filter(({ type }) => !named.has(type)),
        paper,
      ),
    ],
  }
}

const both = ([zh, en]: Words): string => (zh === en ? zh : `${zh} ${en}`)

function sectionBlocks(section: Section, records: readonly Projection[], paper: RecordPaper): Block[] {
  if (records.length === 0) return []
  const { size, retention } = paper
  const row = retention.find((one) => one.class === section.keeps)
  const told: Words[] = [
    section.purpose,
    DUTY,
    ...(row
      ? [
          [
            `保存:${row.days} 天,从${row.from[0]}算起(${row.source[0]})`,
            `Kept: ${row.days} days from: ${row.from[1]} (${row.source[1]})`,
          ] as const,
        ]
      : []),
  ]
  return [
    { type: 'space', height: size * 0.6 },
    { type: 'text', size: size + 4, weight: 'strong', text: both(section.title) },
    ...told
      .filter(([zh]) => zh !== '')
      .flatMap((words) =>
        words.map((text): Block => ({ type: 'text', size: size - 2, tone: 'quiet', text })),
      ),
    ...records.flatMap((record) => recordBlocks(record, paper)),
  ]
}

function recordBlocks(record: Projection, { size, timeZone, memberName }: RecordPaper): Block[] {
  const { type, fields, sets, timelines, createdAt, createdBy } = record
  const definition = definitionOf(type)
  const label = (field: string) => both([fieldLabel(type, field, 'zh'), fieldLabel(type, field, 'en')])
  const when = (ms: number) => instantOnPaper(ms, { timeZone })
  const rows: (readonly [string, string])[] = [
    ...Object.entries(fields)
      .filter(([field, value]) => !isId(type, field) && value !== null && value !== '')
      .map(([field, value]) => [label(field), bothValues(type, field, value)] as const),
    ...Object.entries(sets).map(
      ([name, elements]) =>
        [
          label(name),
          [...elements].map((one) => both([categoryLabel(one, 'zh'), categoryLabel(one, 'en')])).join('; '),
        ] as const,
    ),
    ...Object.entries(timelines)
      .filter(([name]) => name !== 'moves' && name !== 'past')
      .flatMap(([name, items]) =>
        items.map(
          (item) =>
            [label(name), `${when(item.at)} ${memberName(item.by)} ${itemText(type, item)}`.trim()] as const,
        ),
      ),
  ]
  return [
    {
      type: 'group',
      blocks: [
        { type: 'rule' },
        {
          type: 'text',
          size,
          weight: 'strong',
          text: `${both(definition?.label ?? [type, type])} · ${when(createdAt)} · ${memberName(createdBy)}`,
        },
        { type: 'pairs', size, rows },
      ],
    },
  ]
}

/** Names of other records mean nothing on paper. */
const isId = (type: string, field: string): boolean =>
  Object.hasOwn(recordTypes, type) && definitionOf(type)?.fields[field]?.type === 'id'

function bothValues(type: string, field: string, value: Value): string {
  if (typeof value === 'object' && value !== null) return plainText(value)
  return both([valueText(type, field, value, 'zh'), valueText(type, field, value, 'en')])
}

/** Nested answers as `question: answer`, one after the other. */
function plainText(value: Value): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(plainText).filter(Boolean).join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, inner]) => [key, plainText(inner)] as const)
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `${key}: ${text}`)
    .join('; ')
}

/** What is only bookkeeping between stations. */
const UNTOLD = new Set(['saw', 'carried', 'id', 'of', 'alarm', 'round'])

function itemText(type: string, { value }: TimelineItem): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return plainText(value)
  return Object.entries(value)
    .filter(([key]) => !UNTOLD.has(key) && !(type === 'alarm' && key === 'rule'))
    .map(([key, inner]) => {
      if (key === 'step' && type === 'case' && isCaseStep(inner))
        return both([stepLabel(inner, 'zh'), stepLabel(inner, 'en')])
      if (key === 'step' && type === 'errand' && isErrandStep(inner))
        return both([errandStepLabel(inner, 'zh'), errandStepLabel(inner, 'en')])
      if (key === 'reason' && isRevealReason(inner)) return both(revealReasons[inner])
      if (key === 'fen') return `¥${(Number(inner) / 100).toFixed(2)}`
      return plainText(inner)
    })
    .filter(Boolean)
    .join(' · ')
}
