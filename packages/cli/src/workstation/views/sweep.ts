import type { SweepCard, SweepCounts } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { sweepStateWords } from '../../voice/sweep-text.ts'
import { bar } from '../bar.ts'
import { wrap } from '../cells.ts'
import { DOUBLE_ADVICE, myDoubles, othersAt } from '../claims.ts'
import { nearDayText, todayOf } from '../dates.ts'
import { blank, type Cell, type Line, line, row, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { listed } from './lists.ts'

/** How far a sweep has come; and, wherever it was claimed, the doors that this member and another go to. */

const said = (state: State, words: Words): string => say(state.language, words)

export function sweepsView(state: State, screen: Extract<Screen, { type: 'sweeps' }>): Pane {
  const cards = state.facts.sweeps?.map((card) => ({ ...card, id: card.round })) ?? null
  return {
    title: line(' ', span(said(state, ['敲门行动', 'Sweeps']), 'strong')),
    body: listed(
      state,
      cards,
      screen.pick,
      (card) => [
        { text: card.name, width: state.size.columns - 4 - 8 - 19 - 10 - 8 - 11, tone: 'strong' },
        { text: said(state, sweepStateWords[card.state]), width: 8 },
        { text: daysText(state, card), width: 19 },
        { text: bar(doneOf(card.counts), card.counts.doors, 9), width: 10 },
        { text: `${doneOf(card.counts)}/${card.counts.doors}`, width: 8 },
        doubleCell(state, card.counts, 11),
      ],
      ['没有敲门行动。开一次:doorstep sweep open 名称', 'No sweeps. To open one: doorstep sweep open NAME'],
      doublesAbove(state),
    ),
  }
}

/** So many lines at most stand above the list. */
const MOST_ABOVE = 6

function doublesAbove(state: State): readonly Line[] {
  const doors = myDoubles(state.facts.board)
  if (doors.length === 0) return []
  const groups = [...Map.groupBy(doors, (door) => othersAt(door).join('、'))]
  const shown = groups.slice(0, MOST_ABOVE - 3)
  const left = groups.length - shown.length
  return [
    line(
      '   ',
      span(
        said(state, [`和我双认领的 ${doors.length} 户`, `Claimed by me and by another: ${doors.length}`]),
        'warn',
      ),
    ),
    ...shown.map(([names, some]) => line(`   ${names}: ${some.map(({ door }) => door).join(' ')}`)),
    ...(left > 0 ? [line(`   ${said(state, [`另有 ${left} 人`, `and ${left} more`])}`)] : []),
    ...wrap(said(state, DOUBLE_ADVICE), state.size.columns - 4).map((one) => line('   ', span(one, 'quiet'))),
    blank,
  ]
}

export function sweepView(state: State, screen: Extract<Screen, { type: 'sweep' }>): Pane {
  const card = state.facts.sweeps?.find(({ round }) => round === screen.round)
  if (!card) return { title: line(' …'), body: [] }
  return {
    title: line(' ', span(card.name, 'strong'), `   ${said(state, sweepStateWords[card.state])}`),
    right: line(`${daysText(state, card)} `),
    body: [
      totalLine(state, card.counts),
      blank,
      ...table(state, ['楼栋', 'Buildings'], placesOf(card)),
      blank,
      ...workerLines(state, card),
      ...doubleLines(state, card),
    ],
    scroll: screen.scroll,
  }
}

const doneOf = ({ visited, refused }: SweepCounts): number => visited + refused

const daysText = (state: State, { from, to }: Pick<SweepCard, 'from' | 'to'>): string => {
  const day = (one: string) => nearDayText(one, todayOf(state), state.language)
  return from === to ? day(from) : `${day(from)} – ${day(to)}`
}

function totalLine(state: State, counts: SweepCounts): Line {
  const some = (count: number, words: Words) => (count > 0 ? [`   ${said(state, words)} ${count}`] : [])
  return line(
    '   ',
    span(`${said(state, ['已访', 'visited'])} ${counts.visited}/${counts.doors}`, 'strong'),
    `  ${bar(doneOf(counts), counts.doors, 12)}`,
    ...some(counts.refused, ['拒访', 'refused']),
    ...some(counts.claimed, ['有人去', 'claimed']),
    ...some(counts.unclaimed, ['没人去', 'nobody goes']),
    ...some(counts.nobodyHome, ['无人应答', 'nobody home']),
    ...some(counts.formless, ['缺表', 'no form yet']),
  )
}

type Counted = { readonly name: string; readonly counts: SweepCounts }

/** Grids too, where it runs in several. */
const placesOf = ({ parts, buildings }: SweepCard): readonly Counted[] => [
  ...(parts.length > 1
    ? parts.map(({ grid, space, counts }) => ({ name: grid?.name ?? space, counts }))
    : []),
  ...buildings,
]

function table(state: State, head: Words, rows: readonly Counted[]): Line[] {
  const wide = Math.max(12, state.size.columns - 4 - 10 - 9 - 10 - 10 - 10 - 14)
  const cells = (name: string, rest: readonly Cell[]) => row([{ text: name, width: wide }, ...rest])
  const heading = (words: Words, width: number): Cell => ({ text: said(state, words), width, tone: 'quiet' })
  return [
    row([
      heading(head, wide),
      heading(['', ''], 10),
      heading(['已访', 'visited'], 9),
      heading(['有人去', 'claimed'], 10),
      heading(['没人去', 'nobody'], 10),
      heading(['无人应答', 'not home'], 10),
    ]),
    ...rows.map(({ name, counts }) =>
      cells(name, [
        { text: bar(doneOf(counts), counts.doors, 9), width: 10 },
        { text: `${doneOf(counts)}/${counts.doors}`, width: 9, tone: 'strong' },
        number(counts.claimed, 10),
        number(counts.unclaimed, 10),
        number(counts.nobodyHome, 10),
        doubleCell(state, counts, 14),
      ]),
    ),
  ]
}

const number = (count: number, width: number): Cell => ({ text: count === 0 ? '' : String(count), width })

const doubleCell = (state: State, { doubleClaimed }: SweepCounts, width: number): Cell => ({
  text: doubleClaimed === 0 ? '' : said(state, [`双认领 ${doubleClaimed}`, `twice: ${doubleClaimed}`]),
  width,
  tone: 'warn',
})

const workerLines = (state: State, { workers }: SweepCard): Line[] =>
  workers.map((one) => {
    const some = (count: number, words: Words) => (count > 0 ? [`${said(state, words)} ${count}`] : [])
    const counts = [
      ...some(one.visited, ['已访', 'visited']),
      ...some(one.refused, ['拒访', 'refused']),
      ...some(one.nobodyHome, ['无人应答', 'nobody home']),
      ...some(one.formless, ['缺表', 'no form yet']),
      ...some(one.claimed, ['还要去', 'to go']),
      ...some(one.doubleClaimed, ['双认领', 'claimed twice']),
    ]
    return row([
      { text: one.by.name, width: 16, tone: 'strong' },
      { text: counts.join('   '), width: state.size.columns - 4 - 16 },
    ])
  })

/** Two go there, or two were: both are shown. */
function doubleLines(state: State, { doors }: SweepCard): Line[] {
  const names = (some: readonly { readonly by: { readonly name: string } }[]) =>
    [...new Set(some.map(({ by }) => by.name))].join(said(state, ['、', ', ']))
  const lines = (words: Words, some: readonly { address: string; names: string }[]): Line[] =>
    some.length === 0
      ? []
      : [
          blank,
          line('   ', span(said(state, words), 'warn')),
          ...some.map((one) =>
            row([
              { text: one.address, width: 34 },
              { text: one.names, width: state.size.columns - 4 - 34 },
            ]),
          ),
        ]
  return [
    ...lines(
      ['双认领:一人让出,或谁先去访', 'Claimed twice: one gives way, or whoever visits first'],
      doors.filter(({ double }) => double).map((one) => ({ address: one.address, names: names(one.claims) })),
    ),
    ...lines(
      ['访了两次:两次都留着', 'Visited twice: both visits are kept'],
      doors
        .filter(({ doubleVisited }) => doubleVisited)
        .map((one) => ({ address: one.address, names: names(one.visits) })),
    ),
  ]
}
