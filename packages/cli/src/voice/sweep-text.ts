import {
  type ClaimRow,
  categoryLabel,
  type SweepCard,
  type SweepCounts,
  type SweepDoor,
  type SweepState,
} from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { labelled, table } from './table.ts'
import { instantWords, isoTime, type Today } from './time.ts'
import { fieldLabel, shortId } from './value-text.ts'

export const sweepStateWords: Readonly<Record<SweepState, Words>> = {
  planned: ['未开始', 'Planned'],
  open: ['进行中', 'Open'],
  ended: ['已到期', 'Ended'],
  closed: ['已收工', 'Closed'],
}

const COUNTS: readonly (readonly [keyof SweepCounts, Words])[] = [
  ['doors', ['户', 'Doors']],
  ['visited', ['已访', 'Visited']],
  ['refused', ['拒访', 'Refused']],
  ['claimed', ['有人认领', 'Claimed']],
  ['unclaimed', ['没人认领', 'Unclaimed']],
  ['doubleClaimed', ['双认领', 'Claimed twice']],
  ['nobodyHome', ['无人应答', 'Nobody home']],
  ['formless', ['缺表', 'No form yet']],
  ['doubleVisited', ['访了两次', 'Visited twice']],
]

const countHead = (language: Language): string[] => COUNTS.map(([, words]) => say(language, words))
/** What is nowhere more than nothing takes no column. */
const countCells = (counts: SweepCounts): string[] =>
  COUNTS.map(([name], at) => (counts[name] === 0 && at > 4 ? '' : String(counts[name])))

export function sweepsText(cards: readonly SweepCard[], language: Language): string {
  if (cards.length === 0) return say(language, ['没有敲门行动。', 'No sweeps.'])
  return table(
    [
      fieldLabel('sweep', 'name', language),
      say(language, ['状态', 'State']),
      fieldLabel('sweep', 'from', language),
      fieldLabel('sweep', 'to', language),
      ...countHead(language),
      'id',
    ],
    cards.map((card) => [
      card.name,
      say(language, sweepStateWords[card.state]),
      card.from,
      card.to,
      ...countCells(card.counts),
      shortId(card.round),
    ]),
  )
}

export function sweepText(card: SweepCard, now: Today, withDoors: boolean): string {
  const { language } = now
  const facts = labelled([
    ['id', card.round],
    [fieldLabel('sweep', 'name', language), card.name],
    [say(language, ['状态', 'State']), say(language, sweepStateWords[card.state])],
    [say(language, ['日期', 'Days']), `${card.from} – ${card.to}`],
    [fieldLabel('sweep', 'form', language), card.form],
    [fieldLabel('sweep', 'tag', language), card.tag && categoryLabel(card.tag, language)],
    [say(language, ['谁开的', 'Opened by']), `${card.by.name}  ${instantWords(card.atMs, now)}`],
  ])
  const total: [string, SweepCounts] = [say(language, ['合计', 'All']), card.counts]
  const places: [string, SweepCounts][] = [
    ...card.parts.map((part): [string, SweepCounts] => [part.grid?.name ?? part.space, part.counts]),
    ...card.buildings.map(({ name, counts }): [string, SweepCounts] => [name, counts]),
    total,
  ]
  const doors = card.doors.filter((door) => withDoors || door.double || door.doubleVisited)
  return [
    facts,
    table(
      [say(language, ['哪里', 'Where']), ...countHead(language)],
      places.map(([name, counts]) => [name, ...countCells(counts)]),
    ),
    ...(card.workers.length > 0 ? [workersText(card, language)] : []),
    ...(doors.length > 0 ? [doorsText(doors, language)] : []),
    ...(card.doors.some(({ double }) => double) ? [say(language, DOUBLE_HINT)] : []),
  ].join('\n\n')
}

function workersText({ workers }: SweepCard, language: Language): string {
  const cell = (count: number) => (count === 0 ? '' : String(count))
  return table(
    (
      [
        ['谁', 'Who'],
        ['认领', 'Claimed'],
        ['已访', 'Visited'],
        ['拒访', 'Refused'],
        ['无人应答', 'Nobody home'],
        ['缺表', 'No form yet'],
        ['双认领', 'Claimed twice'],
      ] as const
    ).map((words) => say(language, words)),
    workers.map((one) => [
      one.by.name,
      ...[one.claimed, one.visited, one.refused, one.nobodyHome, one.formless, one.doubleClaimed].map(cell),
    ]),
  )
}

const DOOR_STATES: Readonly<Record<SweepDoor['state'], Words>> = {
  visited: ['已访', 'Visited'],
  refused: ['拒访', 'Refused'],
  formless: ['缺表', 'No form yet'],
  absent: ['无人应答', 'Nobody home'],
  open: ['未访', 'To visit'],
}

const doorsText = (doors: readonly SweepDoor[], language: Language): string =>
  table(
    [
      say(language, ['地址', 'Address']),
      say(language, ['结果', 'Outcome']),
      say(language, ['认领', 'Claimed by']),
      say(language, ['探访', 'Visits']),
      'id',
    ],
    doors.map((door) => [
      door.address,
      say(language, DOOR_STATES[door.state]),
      namesOf(door.claims, language) + (door.double ? ' !' : ''),
      namesOf(door.visits, language),
      shortId(door.household),
    ]),
  )

const namesOf = (some: readonly { readonly by: { readonly name: string } }[], language: Language): string =>
  [...new Set(some.map(({ by }) => by.name))].join(language === 'zh' ? '、' : ', ')

export const claimStateWords: Readonly<Record<ClaimRow['state'], Words>> = {
  live: ['有效', 'Holds'],
  done: ['已访完', 'Done'],
  released: ['已让出', 'Given up'],
  cleared: ['站长撤销', 'Taken back'],
  expired: ['已过期', 'Expired'],
}

export function claimsText(claims: readonly ClaimRow[], now: Today): string {
  const { language } = now
  if (claims.length === 0) return say(language, ['没有认领。', 'No claims.'])
  const rows = table(
    [
      say(language, ['哪里', 'Where']),
      say(language, ['谁', 'Who']),
      say(language, ['何时', 'When']),
      say(language, ['到', 'Until']),
      say(language, ['行动', 'Sweep']),
      say(language, ['还要去', 'Left']),
      say(language, ['状态', 'State']),
    ],
    claims.map((one) => [
      one.place,
      one.by.name,
      instantWords(one.atMs, now),
      one.until,
      one.sweep?.name ?? '',
      `${one.open.length}/${one.doors.length}`,
      one.state === 'live' ? '' : say(language, claimStateWords[one.state]),
    ]),
  )
  const doubles = doublesText(claims, language)
  return doubles === '' ? rows : [rows, doubles, say(language, DOUBLE_HINT)].join('\n\n')
}

/** Each door once, with all who have claimed it. */
function doublesText(claims: readonly ClaimRow[], language: Language): string {
  const doors = new Map<string, { readonly address: string; readonly names: Set<string> }>()
  for (const { by, doubles } of claims)
    for (const { household, address, with: others } of doubles) {
      const door = doors.get(household) ?? { address, names: new Set() }
      for (const name of [by.name, ...others.map((other) => other.by.name)]) door.names.add(name)
      doors.set(household, door)
    }
  if (doors.size === 0) return ''
  return table(
    [say(language, ['两人都认领的', 'Claimed twice']), say(language, ['谁', 'Who']), 'id'],
    [...doors].map(([household, { address, names }]) => [
      address,
      [...names].sort().join(language === 'zh' ? '、' : ', '),
      shortId(household),
    ]),
  )
}

/** What to do where two people go to one door. */
const DOUBLE_HINT: Words = [
  '两人都认领的,一人让出:doorstep claim release 门牌;或谁先去访,两边就都了结。',
  'Where two go to one door, one gives way: doorstep claim release DOOR; or whoever visits first settles it for both.',
]

// ---- what scripts get

export const sweepRowJson = ({
  round,
  by,
  atMs,
  parts,
  buildings: _,
  workers: __,
  doors: ___,
  ...card
}: SweepCard) => ({
  sweep: round,
  ...card,
  openedBy: by.member,
  openedByName: by.name,
  openedAt: isoTime(atMs),
  parts: parts.map(({ grid, ...part }) => ({ ...part, grid: grid?.name ?? null })),
})

export const sweepJson = (card: SweepCard) => ({
  ...sweepRowJson(card),
  buildings: card.buildings,
  workers: card.workers.map(({ by, ...counts }) => ({ member: by.member, name: by.name, ...counts })),
  doors: card.doors.map(({ claims, visits, ...door }) => ({
    ...door,
    claims: claims.map(authored),
    visits: visits.map(authored),
  })),
})

export const claimJson = ({ grid, by, givenBy, atMs, ended, doubles, ...row }: ClaimRow) => ({
  ...row,
  grid: grid?.name ?? null,
  space: grid?.space ?? null,
  by: by.member,
  byName: by.name,
  givenBy: givenBy?.member ?? null,
  givenByName: givenBy?.name ?? null,
  at: isoTime(atMs),
  ended: ended && { why: ended.why, on: ended.on, ...authored({ by: ended.by, atMs: ended.atMs }) },
  doubles: doubles.map((door) => ({ ...door, with: door.with.map(authored) })),
})

export const authored = <
  T extends { readonly by: { readonly member: string; readonly name: string }; readonly atMs: number },
>({
  by,
  atMs,
  ...rest
}: T) => ({ ...rest, by: by.member, byName: by.name, at: isoTime(atMs) })
