/** What a home's sheet says, in plain words: one account for the terminal, for paper and for the screen at the door. */
import { addDays, type HomeSheet, type Metered, type MeterSheet, type PeerBand } from '@doorstep/core'
import { taskText } from './device-life-text.ts'
import { type Language, say, type Words } from './language.ts'

export type SheetPart =
  | { readonly type: 'heading' | 'text' | 'notice' | 'quiet'; readonly text: string }
  /** The last 30 days, in the unit that people think in; null where nobody knows. */
  | {
      readonly type: 'days'
      readonly days: readonly { readonly on: string; readonly value: number | null }[]
      readonly unit: string
    }
  /** Where the middle half of similar homes lies, and this one. */
  | {
      readonly type: 'band'
      readonly low: number
      readonly middle: number
      readonly high: number
      readonly own: number | null
      readonly unit: string
    }

export type SheetFrame = {
  readonly language: Language
  /** How the office is reached; null: nobody wrote it down. */
  readonly contact: string | null
  /** `14:05` of an instant, in the community's time. */
  readonly clock: (ms: number) => string
}

const NAMES: Readonly<Record<Metered, Words>> = {
  water: ['水', 'Water'],
  electricity: ['电', 'Power'],
  gas: ['燃气', 'Gas'],
  heat: ['暖气', 'Heat'],
}

/** The unit that people think in, and how many of it are one of the meter's. */
const UNITS: Readonly<
  Record<Metered, { readonly words: Words; readonly times: number; readonly digits: number }>
> = {
  water: { words: ['升', 'litres'], times: 1000, digits: 0 },
  electricity: { words: ['度', 'kWh'], times: 1, digits: 1 },
  gas: { words: ['立方米', 'm³'], times: 1, digits: 2 },
  heat: { words: ['度', 'kWh'], times: 1, digits: 1 },
}
/** Of a month: water is paid for by the cubic metre. */
const SUMS: Readonly<Record<Metered, Words>> = {
  water: ['立方米', 'm³'],
  electricity: ['度', 'kWh'],
  gas: ['立方米', 'm³'],
  heat: ['度', 'kWh'],
}

export const sheetTitle = (language: Language): string =>
  say(language, ['您家的水、电、气', 'Your water, power and gas'])

export function sheetParts(sheet: HomeSheet, frame: SheetFrame): readonly SheetPart[] {
  const { language } = frame
  const said = (words: Words) => say(language, words)
  const parts: SheetPart[] = []
  for (const alarm of sheet.alarms)
    parts.push({
      type: 'notice',
      text: `! ${said(alarmWords(alarm.rule))}`,
    })
  if (sheet.meters.length === 0)
    parts.push({
      type: 'text',
      text: said([
        '您家没有登记水表、电表、燃气表。想要这样一张单子,请告诉我们:要不要、读哪几样,都由您定。',
        'No meter of yours is registered. If you would like such a sheet, tell us: whether, and which of them, is for you to say.',
      ]),
    })
  for (const meter of sheet.meters) parts.push(...meterParts(meter, sheet.on, frame))
  if (sheet.tasks.length > 0) {
    parts.push({ type: 'heading', text: said(['家里的设备', 'Devices in your home']) })
    for (const task of sheet.tasks)
      parts.push({
        type: task.on <= sheet.on ? 'notice' : 'text',
        text: `${taskText(task, language)}${said(['。', '.'])}`,
      })
  }
  parts.push({ type: 'heading', text: said(['有事找谁', 'Whom to ask']) })
  parts.push({
    type: 'text',
    text: [
      frame.contact ?? said(['社区居委会 ________________', 'The office: ________________']),
      said([
        '没有电话也可以到居委会来,或请邻居捎话。',
        'Without a telephone: come to the office, or send word by a neighbour.',
      ]),
    ].join(said(['。', '. '])),
  })
  parts.push({
    type: 'quiet',
    text: said([
      '这些数只用来防漏、照看平安。您随时可以说不要读了,当天就停;也可以要求把读过的都删掉。',
      'These numbers are for finding leaks and for your safety alone. You may say at any time that you do not want to be read: it stops that day. You may also ask that all that was read be erased.',
    ]),
  })
  return parts
}

/** A leak wants somebody at the tap; silence wants a word that all is well. */
const alarmWords = ({ label: [zh, en], urgency }: HomeSheet['alarms'][number]['rule']): Words =>
  urgency === 'upkeep'
    ? [
        `报警还没有了结:${zh}。看看是不是有地方要修;要人帮忙就找我们。`,
        `An alarm is still open: ${en}. Please see whether something needs repair; if you need help, ask us.`,
      ]
    : [
        `报警还没有了结:${zh}。请跟我们说一声平安。`,
        `An alarm is still open: ${en}. Please let us know that you are well.`,
      ]

function meterParts(meter: MeterSheet, on: string, { language, clock }: SheetFrame): readonly SheetPart[] {
  const { kind } = meter
  const said = (words: Words) => say(language, words)
  const amount = (value: number) => amountText(kind, value, language)
  const parts: SheetPart[] = [
    { type: 'heading', text: [said(NAMES[kind]), meter.name].filter(Boolean).join(' · ') },
    ...meter.notices.map(
      (one): SheetPart => ({ type: 'notice', text: `! ${said(noticeWords(kind, one, language))}` }),
    ),
  ]
  const text = (words: Words) => parts.push({ type: 'text', text: said(words) })
  if (meter.today)
    text([
      `今天到 ${clock(meter.today.untilMs)} 用了 ${amount(meter.today.use)}。`,
      `Today until ${clock(meter.today.untilMs)}: ${amount(meter.today.use)}.`,
    ])
  if (!meter.last || !meter.sum) {
    text(
      meter.readNow
        ? ['最近 30 天还没有算得出的用量。', 'Nothing is known yet of the last 30 days.']
        : [
            '没有在读这块表:没有您的同意,或者同意已到期、已撤回。',
            'This meter is not read: you did not agree to it, or not any more.',
          ],
    )
    return parts
  }
  const yesterday = meter.last.on === addDays(on, -1)
  text([
    `${yesterday ? '昨天' : `${dayWords(meter.last.on, 'zh')}(最近知道的一天)`}用了 ${amount(meter.last.use)}。`,
    `${yesterday ? 'Yesterday' : `On ${dayWords(meter.last.on, 'en')}, the last day that is known`}: ${amount(meter.last.use)}.`,
  ])
  const perDay = meter.sum.use / meter.sum.daysKnown
  const gap = meter.sum.daysKnown === meter.days.length ? null : meter.sum.daysKnown
  text([
    `近 30 天一共 ${sumText(kind, meter.sum.use, 'zh')}${gap === null ? '' : `(其中 ${gap} 天有数)`},平均每天 ${amount(perDay)}。`,
    `The last 30 days: ${sumText(kind, meter.sum.use, 'en')}${gap === null ? '' : ` (of ${gap} days that are known)`}, ${amount(perDay)} a day.`,
  ])
  parts.push({
    type: 'days',
    unit: said(UNITS[kind].words),
    days: meter.days.map(({ on: day, use }) => ({ on: day, value: use === null ? null : scaled(kind, use) })),
  })
  for (const words of comparedWords(meter, amount)) text(words)
  if (meter.band) parts.push(...bandParts(meter, meter.band, language))
  if (!meter.readNow)
    parts.push({
      type: 'quiet',
      text: said(['现在没有在读这块表。', 'This meter is not being read now.']),
    })
  return parts
}

/** Within this share two averages are about the same. */
const SAME = 0.05

function comparedWords({ compared }: MeterSheet, amount: (value: number) => string): readonly Words[] {
  const { now, before, yearBefore } = compared
  if (!now)
    return [
      ['这四周知道的日子太少,还不能和以前比。', 'Too few of these four weeks are known to compare them.'],
    ]
  const words: Words[] = []
  const beside = (than: Words, then: { readonly perDay: number }) => {
    const share = then.perDay === 0 ? null : (now.perDay - then.perDay) / then.perDay
    const percent = share === null ? '' : String(Math.round(Math.abs(share) * 100))
    const [zh, en]: Words =
      share === null || Math.abs(share) <= SAME
        ? ['差不多', 'about the same']
        : share > 0
          ? [`多了约 ${percent} %`, `about ${percent} % more`]
          : [`少了约 ${percent} %`, `about ${percent} % less`]
    words.push([
      `这四周每天 ${amount(now.perDay)},${than[0]} ${amount(then.perDay)}:${zh}。`,
      `These four weeks ${amount(now.perDay)} a day, ${than[1]} ${amount(then.perDay)}: ${en}.`,
    ])
  }
  if (before) beside(['再之前四周', 'the four before'], before)
  if (yearBefore) beside(['去年同期', 'the same weeks a year ago'], yearBefore)
  if (!before && !yearBefore)
    words.push(['以前的日子还不够,下次再比。', 'Not enough is known of the time before; next time.'])
  return words
}

function bandParts({ kind, own }: MeterSheet, band: PeerBand, language: Language): readonly SheetPart[] {
  const said = (words: Words) => say(language, words)
  const homes = alikeWords(band)
  if (band.state !== 'told' || !band.quartiles)
    return [{ type: 'quiet', text: said(untold[band.state as keyof typeof untold]) }]
  const { low, middle, high } = band.quartiles
  const amount = (value: number) => amountText(kind, value, language)
  const place: Words =
    own === null
      ? ['', '']
      : own.perDay < low
        ? [`您家 ${amount(own.perDay)}:比多数人家少。`, ` You: ${amount(own.perDay)}, less than most.`]
        : own.perDay > high
          ? [`您家 ${amount(own.perDay)}:比多数人家多。`, ` You: ${amount(own.perDay)}, more than most.`]
          : [`您家 ${amount(own.perDay)}:和多数人家差不多。`, ` You: ${amount(own.perDay)}, like most.`]
  return [
    {
      type: 'text',
      text: said([
        `和${homes[0]}比(${dayWords(band.from, 'zh')}至${dayWords(band.until, 'zh')},不知道是谁家):一半人家每天用 ${amount(low)}到 ${amount(high)},居中的一家 ${amount(middle)}。${place[0]}`,
        `Beside ${homes[1]} (${dayWords(band.from, 'en')} to ${dayWords(band.until, 'en')}, nobody is named): half of them use ${amount(low)} to ${amount(high)} a day, the middle one ${amount(middle)}.${place[1]}`,
      ]),
    },
    {
      type: 'band',
      ...{ low: scaled(kind, low), middle: scaled(kind, middle), high: scaled(kind, high) },
      own: own === null ? null : scaled(kind, own.perDay),
      unit: said(UNITS[kind].words),
    },
  ]
}

const untold = {
  'too-few': [
    '差不多的人家里,同意参加的不足十户(不算您家),就不比了:免得看出是谁家。',
    'Fewer than ten other homes like yours take part, so there is no comparison: it might give somebody away.',
  ],
  left: [
    '有一户刚退出。为了不让人算出是谁家,到下个星期再比。',
    'A home has just left. There is no comparison until next week, so that nobody can work out its use.',
  ],
  alike: [
    '差不多的人家用得几乎一样,列出数来等于说出每一家,就不列了。',
    'Homes like yours all use nearly the same: numbers would tell of each of them, so there are none.',
  ],
} as const satisfies Record<string, Words>

const PEOPLE: Readonly<Record<string, Words>> = {
  '1': ['一口人', 'one'],
  '2': ['两口人', 'two'],
  '3+': ['三口人以上', 'three or more'],
}
const AREAS: Readonly<Record<string, Words>> = {
  'under-50': ['50 平方米以下', 'under 50 m²'],
  '50-90': ['50 到 90 平方米', '50 to 90 m²'],
  'over-90': ['90 平方米以上', 'over 90 m²'],
}

/** What the homes of the band have in common; where one of them is not known, nothing is said of it. */
function alikeWords({ people, areas, homesAtLeast }: PeerBand): Words {
  const named = (names: readonly string[], words: Readonly<Record<string, Words>>, at: 0 | 1) =>
    names.length > 2 || names.some((one) => !words[one])
      ? null
      : names.map((one) => words[one]![at]).join(at === 0 ? '或' : ' or ')
  const [who, whoEn] = [named(people, PEOPLE, 0), named(people, PEOPLE, 1)]
  const [size, sizeEn] = [named(areas, AREAS, 0), named(areas, AREAS, 1)]
  const like = [who, size].filter(Boolean).join('、')
  const likeEn = [whoEn && `with ${whoEn} living there`, sizeEn].filter(Boolean).join(', ')
  return [
    `本网格至少 ${homesAtLeast ?? ''} 户${like === '' ? '人家' : `${like}的人家`}`,
    `at least ${homesAtLeast ?? ''} homes of your grid${likeEn === '' ? '' : ` ${likeEn}`}`,
  ]
}

function noticeWords(kind: Metered, notice: MeterSheet['notices'][number], language: Language): Words {
  const amount = (value: number) => amountText(kind, value, language)
  if (notice.type === 'leak') {
    const least = amount(notice.perHour)
    return kind === 'gas'
      ? [
          `燃气连着 ${notice.nights} 夜每个小时都在走(至少 ${least})。闻到气味就关阀、开窗、别开灯别点火,到屋外再打电话。`,
          `Gas ran in every hour of ${notice.nights} nights (at least ${least}). If you smell it: shut the valve, open the windows, no lights, no flame, and call from outside.`,
        ]
      : [
          `可能漏水:连着 ${notice.nights} 夜每个小时都在走水(至少 ${least})。请关紧水龙头,看水表还转不转;还转就关总阀,打电话给我们。`,
          `There may be a leak: water ran in every hour of ${notice.nights} nights (at least ${least}). Turn every tap off and look at the meter; if it still turns, shut the main valve and call us.`,
        ]
  }
  const [zh, en] = [dayWords(notice.on, 'zh'), dayWords(notice.on, 'en')]
  return notice.type === 'much'
    ? [
        `${zh}用了 ${amount(notice.use)},平时一天 ${amount(notice.usual)}。那天若没有来客、没洗大件,请看看有没有忘了关的。`,
        `On ${en} it was ${amount(notice.use)}; a usual day is ${amount(notice.usual)}. If there were no guests and no big wash, please look for something left running.`,
      ]
    : [
        `${zh}几乎没有用(平时一天 ${amount(notice.usual)})。出门的话跟我们说一声,就不挂念了。`,
        `On ${en} hardly anything was used (a usual day is ${amount(notice.usual)}). When you are away, tell us, and nobody will worry.`,
      ]
}

const scaled = (kind: Metered, value: number): number =>
  rounded(value * UNITS[kind].times, UNITS[kind].digits)

function amountText(kind: Metered, value: number, language: Language): string {
  return `${scaled(kind, value).toLocaleString('en-US')} ${say(language, UNITS[kind].words)}`
}

const sumText = (kind: Metered, value: number, language: Language): string =>
  `${rounded(value, value < 10 ? 2 : 1).toLocaleString('en-US')} ${say(language, SUMS[kind])}`

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

/** `11月23日`; `23 Nov`. */
export function dayWords(day: string, language: Language): string {
  const [, month, date] = day.split('-').map(Number)
  return language === 'zh' ? `${month}月${date}日` : `${date} ${MONTHS[month! - 1]}`
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
