import { categoryLabel, type Value } from '@doorstep/core'
import { say, type Words } from '../../voice/language.ts'
import { mismatchText, warningsText } from '../../voice/person-text.ts'
import { fieldLabel, valueText } from '../../voice/value-text.ts'
import { cutStart } from '../cells.ts'
import type { PeopleFacts, PersonLine } from '../facts.ts'
import { blank, type Cell, type Line, line, row, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { MergeScreen, PeopleScreen } from '../screens.ts'
import type { State } from '../state.ts'
import { listed } from './lists.ts'

/** Who belongs to a household, how they are, and what to look at. */
export function peopleView(state: State, screen: PeopleScreen): Pane {
  const { language, facts, size } = state
  const people = facts.people?.household === screen.household ? facts.people : null
  const door = facts.board?.doors.find(({ id }) => id === screen.household)
  const where = door ? `  ${door.door}  ${door.name}` : ''
  return {
    title: line(' ', span(say(language, [`家里的人${where}`, `People${where}`]), 'strong')),
    body: [
      ...listed(
        state,
        people?.rows ?? null,
        screen.pick,
        (one) => cellsOfPerson(state, one, size.columns),
        ['还没有登记的人。a 登记一个', 'Nobody is registered yet. a registers somebody'],
        screen.entry === null ? [] : entryLines(state, screen, screen.entry, people),
      ),
      ...(screen.entry === null ? noteLines(state, people) : []),
    ],
  }
}

function cellsOfPerson(state: State, one: PersonLine, columns: number): readonly Cell[] {
  const { language } = state
  const age: Words = one.age === null ? ['', ''] : [`${one.age} 岁`, `${one.age} y.`]
  const where = one.present
    ? one.mismatch === null || one.mismatch === 'match' || one.mismatch === 'unknown'
      ? ''
      : mismatchText(one.mismatch, language)
    : one.state === 'away' || one.state === 'nominal'
      ? valueText('residence', 'state', one.state, language)
      : say(language, ['不在住', 'not living here'])
  const widths = { name: 18, relation: 10, age: 8, phone: 13 }
  const rest = columns - 4 - widths.name - widths.relation - widths.age - widths.phone
  const minds = [where, ...one.categories.map((each) => categoryLabel(each, language))]
    .filter(Boolean)
    .join(' · ')
  return [
    { text: one.name, width: widths.name, tone: 'strong' },
    { text: valueText('residence', 'relation', one.relation, language), width: widths.relation },
    { text: say(language, age), width: widths.age },
    { text: one.phone, width: widths.phone, tone: 'quiet' },
    {
      text: one.alike ? `! ${minds}` : minds,
      width: rest,
      tone: one.present && !one.alike ? 'plain' : 'warn',
    },
  ]
}

/** Below the list: who may be twice, and what the register suggests. */
function noteLines(state: State, people: PeopleFacts | null): readonly Line[] {
  if (!people) return []
  const { language } = state
  const said = (words: Words, tone: 'warn' | 'quiet'): Line => line(span(`   ${say(language, words)}`, tone))
  const twice = people.rows.flatMap(({ name, alike }): Line[] =>
    alike
      ? [
          said(
            [
              `! ${name} 可能登记了两次:${alike.why}。m 并排看`,
              `! ${name} may be there twice: ${alike.why}. m compares`,
            ],
            'warn',
          ),
        ]
      : [],
  )
  const suggested = people.suggestions.map(({ category, what }) =>
    said(
      what === 'add'
        ? [
            `名册提示:${categoryLabel(category, 'zh')}(由人决定)`,
            `The register suggests: ${categoryLabel(category, 'en')} (somebody decides)`,
          ]
        : [
            `名册提示:不再是${categoryLabel(category, 'zh')}?`,
            `The register suggests: no longer ${categoryLabel(category, 'en')}?`,
          ],
      'quiet',
    ),
  )
  return twice.length + suggested.length > 0 ? [blank, ...twice, ...suggested] : []
}

const PROMPTS: Readonly<Record<PeopleScreen['doing'], Words>> = {
  add: ['登记', 'Register'],
  out: ['搬到哪里', 'Moved where'],
  undo: ['为什么撤回', 'Taken back why'],
}
const HINTS: Readonly<Record<PeopleScreen['doing'], Words>> = {
  add: [
    '姓名 关系 电话 身份证号 租住 …,空格隔开,先后随意',
    'name, relation, phone, ID number, rent …: with spaces between, in any order',
  ],
  out: ['可以不写', 'may be left empty'],
  undo: ['最近一次居住变动会撤回', 'the last change of where they live is taken back'],
}

function entryLines(
  state: State,
  { doing }: PeopleScreen,
  entry: string,
  people: PeopleFacts | null,
): readonly Line[] {
  const { language, size } = state
  const typed: Line = {
    ...line(
      span(`   ${say(language, PROMPTS[doing])}  `, 'strong'),
      span(cutStart(entry, size.columns - 20), 'typed'),
    ),
    cursor: true,
  }
  const hint = line(span(`   ${say(language, HINTS[doing])}`, 'quiet'))
  const draft = doing === 'add' && entry.trim() !== '' ? people?.draft : null
  if (!draft) return [blank, typed, blank, hint, blank]
  const { fields, relation, kind, state: where, badId } = draft.typed
  const shown = (type: string, field: string, value: Value | undefined) =>
    value === undefined
      ? []
      : [`${fieldLabel(type, field, language)} ${valueText(type, field, value, language)}`]
  const understood = [
    ...Object.entries(fields).flatMap(([field, value]) => shown('person', field, value)),
    ...shown('residence', 'relation', relation),
    ...shown('residence', 'kind', kind),
    ...shown('residence', 'state', where),
  ].join('   ')
  const warn = (text: string): Line => line(span(`   ! ${text}`, 'warn'))
  return [
    blank,
    typed,
    blank,
    understood === '' ? hint : line(span(`   ${understood}`, 'quiet')),
    ...(badId ? [warn(say(language, ['身份证号校验不对', 'the ID number does not check']))] : []),
    ...(draft.warnings.length > 0
      ? warningsText('person', draft.warnings, language).split('\n').map(warn)
      : []),
    ...draft.alike.map((who) =>
      warn(say(language, [`可能是同一个人:${who}`, `This may be the same person: ${who}`])),
    ),
    blank,
  ]
}

/** Two side by side, and the chosen value of each field marked. */
export function mergeView(state: State, screen: MergeScreen): Pane {
  const { language, facts, size } = state
  const title = line(' ', span(say(language, ['是同一个人吗', 'Are they one?']), 'strong'))
  const merge = facts.merge?.keep === screen.keep && facts.merge.other === screen.other ? facts.merge : null
  if (!merge) return { title, body: [line(`   ${say(language, ['正在取…', 'One moment…'])}`)] }
  const half = Math.floor((size.columns - 18) / 2)
  const [ours, theirs] = merge.sides
  const wide = { name: 14, half }
  const head = (a: string, b: string, tone: 'strong' | 'quiet'): Line =>
    row([
      { text: '', width: wide.name },
      { text: a, width: wide.half, tone },
      { text: b, width: wide.half, tone },
    ])
  const at = Math.min(screen.at, merge.rows.length - 1)
  const lines = merge.rows.map(({ id, label, values }, index) => {
    const takes = screen.take.includes(id)
    const cell = (side: 0 | 1): Cell => {
      const chosen = takes === (side === 1)
      return {
        text: `${chosen ? '● ' : '○ '}${valueText('person', id, values[side], language)}`,
        width: wide.half,
        tone: chosen ? 'strong' : 'quiet',
      }
    }
    return row([{ text: say(language, label), width: wide.name }, cell(0), cell(1)], index === at)
  })
  const hint: Words =
    merge.rows.length === 0
      ? ['没有不一样的地方。', 'Nothing differs.']
      : [
          '← → 选哪一边的;没选的也留着,分开时都在。',
          '← → choose a side; what is not chosen is kept, and is there when they are taken apart.',
        ]
  return {
    title,
    body: [
      head(ours.name, theirs.name, 'strong'),
      head(ours.address, theirs.address, 'quiet'),
      blank,
      ...lines,
      blank,
      line(span(`   ${say(language, hint)}`, 'quiet')),
    ],
  }
}
