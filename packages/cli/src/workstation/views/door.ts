import { categoryLabel, errandStateLabel, mindLabel, stateLabel } from '@doorstep/core'
import { absenceWords } from '../../voice/absence-words.ts'
import { ageText, alarmLabel, figuresText, nextAlarmText, urgencyText } from '../../voice/alarm-text.ts'
import { taskText } from '../../voice/device-life-text.ts'
import { say } from '../../voice/language.ts'
import { leaveText } from '../../voice/leave-text.ts'
import { valueText } from '../../voice/value-text.ts'
import { wrap } from '../cells.ts'
import { DOUBLE_ADVICE, isMyDouble } from '../claims.ts'
import { dayText, lateText, nearDayText, todayOf, whenText } from '../dates.ts'
import type { DoorFacts } from '../facts.ts'
import { blank, type Line, line, type Span, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'
import { modeText, outcomeText } from '../words.ts'
import { LABEL, labelled } from './labelled.ts'
import { metersLines } from './meters.ts'

/** Before knocking: what to mind, then what is open, then the meters, then who lives here, then the past. */
export function doorView(state: State, screen: Extract<Screen, { type: 'door' }>): Pane {
  const { language, facts } = state
  const door = facts.door
  if (door?.card.household.id !== screen.household) return { title: line(' …'), body: [] }
  const { household, next } = door.card
  const name = text(household.fields.name)
  const kinds = household.categories.map((one) => categoryLabel(one, language))
  const policy = next?.policy
    ? language === 'en'
      ? (next.policy.nameEn ?? next.policy.name)
      : next.policy.name
    : null
  return {
    title: line(' ', span(`${door.door}  ${name}`, 'strong')),
    right: line(`${[...kinds.slice(0, 2), ...(policy ? [policy] : [])].join(' · ')} `),
    body: [
      ...alarmLines(state, door),
      ...leaveLines(state, door),
      ...draftLines(state, screen.household),
      ...claimLines(state, screen.household),
      ...mindLines(state, door),
      ...absenceLines(state, door),
      ...todoLines(state, door),
      ...deviceTaskLines(state, door),
      ...errandLines(state, door),
      ...caseLines(state, door),
      ...conflictLines(state, door),
      ...residentLines(state, door),
      ...metersLines(state, door),
      ...visitLines(state, door),
      ...nextLines(state, door),
      ...photoLines(state),
    ],
    scroll: screen.scroll,
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const wrapped = (state: State, content: string, tone: Span['tone'] = 'plain'): Span[][] =>
  wrap(content, state.size.columns - LABEL - 1).map((one) => [span(one, tone)])

/** Before all else: what a device found, since when, and what comes next; A opens it. */
function alarmLines(state: State, { alarms }: DoorFacts): Line[] {
  const { language, nowMs, timeZone } = state
  const now = { today: todayOf(state), timeZone, language }
  return labelled(
    state,
    ['报警', 'Alarm'],
    alarms.map((one) => [
      span(
        `● ${urgencyText(one, language)} ${alarmLabel(one, language)}`,
        one.rule.urgency === 'life' ? 'alarm' : 'warn',
      ),
      span(
        `  ${[figuresText(one, language), ageText(nowMs - one.raisedAtMs, language)].filter(Boolean).join(' · ')}  `,
      ),
      span(`${nextAlarmText(one, nowMs, now)} (A)`, 'strong'),
    ]),
  )
}

/** That nobody is to be wondered at: until when, and who said so. */
function leaveLines(state: State, { leave }: DoorFacts): Line[] {
  if (!leave) return []
  return labelled(
    state,
    ['外出', 'Away'],
    [
      [
        span(leaveText(leave, state.language), 'strong'),
        span(say(state.language, ['  O 改', '  O changes it']), 'quiet'),
      ],
    ],
  )
}

function draftLines(state: State, household: string): Line[] {
  const draft = state.facts.drafts.get(household)
  if (!draft) return []
  const when = whenText(draft.atMs, state.nowMs, state.timeZone, state.language)
  return [
    ...labelled(
      state,
      ['没填完', 'Draft'],
      [
        [
          span(
            say(state.language, [
              `${when} 填到 ${draft.answered}/${draft.of} 题。↵ 接着填,D 丢掉`,
              `${when}, ${draft.answered} of ${draft.of} answered. ↵ go on, D throw away`,
            ]),
            'warn',
          ),
        ],
      ],
    ),
    blank,
  ]
}

/** Who stands there now and who has claimed it, each with when and for what; and what to do where two have. */
function claimLines(state: State, household: string): Line[] {
  const { language, facts, nowMs, timeZone } = state
  const there = facts.presence.get(household)
  const door = facts.board?.doors.find(({ id }) => id === household)
  const lines = (door?.claims ?? []).map((one) => [
    span(one.mine ? say(language, ['我', 'me']) : one.by, one.double ? 'warn' : 'strong'),
    span(
      `  ${[
        whenText(one.atMs, nowMs, timeZone, language),
        one.sweep ?? say(language, ['当天的探访', 'for the day']),
        ...(one.wide ? [say(language, ['连同别的门', 'with other doors'])] : []),
        say(language, [
          `到 ${dayText(one.until, todayOf(state), 'zh')}`,
          `until ${dayText(one.until, todayOf(state), 'en')}`,
        ]),
      ].join(' · ')}`,
    ),
  ])
  const isDouble = door !== undefined && isMyDouble(door)
  return [
    ...labelled(
      state,
      ['在门口', 'There'],
      there === undefined
        ? []
        : [[span(say(language, [`${there} 现在在门口`, `${there} is at the door now`]), 'warn')]],
    ),
    ...labelled(
      state,
      ['认领', 'Claimed'],
      [...lines, ...(isDouble ? wrapped(state, say(language, DOUBLE_ADVICE), 'warn') : [])],
    ),
  ]
}

function mindLines(state: State, { card }: DoorFacts): Line[] {
  const { fields, tags, minds } = card.household
  const mind = text(fields.mind)
  const promise = text(fields.promise)
  const contact = [text(fields.emergencyContact), text(fields.emergencyPhone)].filter(Boolean).join(' ')
  const phone = text(fields.phone)
  const { language } = state
  const known = minds.map((one) => mindLabel(one, language)).join(say(language, ['、', ', ']))
  const all = [known, mind].filter(Boolean).join(say(language, [';', '; ']))
  const lines = [
    ...(all ? labelled(state, ['当心', 'Mind'], wrapped(state, all, 'strong')) : []),
    ...(text(fields.healthMind)
      ? labelled(
          state,
          ['健康', 'Health'],
          [
            [
              span(
                say(language, [
                  '! 有健康提醒,进门前先看:u',
                  '! There is a health warning, read it before going in: u',
                ]),
                'alarm',
              ),
            ],
          ],
        )
      : []),
    ...(promise ? labelled(state, ['答应过', 'Promised'], wrapped(state, promise, 'strong')) : []),
    ...(phone || contact
      ? labelled(
          state,
          ['电话', 'Phone'],
          [
            [
              span(
                [phone, contact && say(state.language, [`紧急联系人 ${contact}`, `emergency: ${contact}`])]
                  .filter(Boolean)
                  .join('   '),
              ),
            ],
          ],
        )
      : []),
    ...(tags.length > 0 ? labelled(state, ['标签', 'Tags'], wrapped(state, tags.join(' · '))) : []),
    ...(text(fields.note) ? labelled(state, ['备注', 'Note'], wrapped(state, text(fields.note))) : []),
  ]
  return lines.length > 0
    ? lines
    : labelled(
        state,
        ['当心', 'Mind'],
        [[span(say(state.language, ['没有特别要当心的', 'nothing in particular']), 'quiet')]],
      )
}

/** How often nobody was met, at what times, and what comes next; ↵ or x does it. */
function absenceLines(state: State, { card }: DoorFacts): Line[] {
  const absence = card.next?.absence
  if (!absence) return []
  const { language } = state
  const today = todayOf(state)
  const since = nearDayText(absence.since, today, language)
  const when =
    absence.next && absence.next.dueOn > today ? nearDayText(absence.next.dueOn, today, language) : ''
  return labelled(
    state,
    ['没见到', 'Missed'],
    [
      [
        span(
          say(language, [`${since}起 ${absence.attempts} 次   `, `${absence.attempts}× since ${since}   `]),
        ),
        span(say(language, absenceWords(absence)), 'strong'),
        span(when === '' ? '' : `  ${when}`, 'quiet'),
      ],
    ],
  )
}

function todoLines(state: State, { todos }: DoorFacts): Line[] {
  const { language } = state
  return labelled(
    state,
    ['要办', 'To do'],
    todos
      .filter(({ promise }) => !promise)
      .map((one) => [
        span(`[ ] ${one.text}`, one.overdueDays >= 0 ? 'warn' : 'plain'),
        span(`  ${lateText(one.overdueDays, language)}`, 'quiet'),
      ]),
  )
}

/** What is to be changed there, told ahead; what is over is marked. */
const deviceTaskLines = (state: State, { card }: DoorFacts): Line[] =>
  labelled(
    state,
    ['设备', 'Device'],
    (card.next?.tasks ?? []).map((one) => [
      span(taskText(one, state.language), one.on <= todayOf(state) ? 'warn' : 'plain'),
    ]),
  )

/** What is being done for them, and what of theirs lies with us; `b` has it all. */
function errandLines(state: State, { errands }: DoorFacts): Line[] {
  const { language } = state
  const today = todayOf(state)
  return labelled(
    state,
    ['代办', 'Errands'],
    errands.map((one) => {
      const day = one.appointedOn ?? one.dueOn
      return [
        span(one.what ?? '', 'strong'),
        span(`  ${errandStateLabel(one.state, language)}`),
        span(
          day === null ? '' : `  ${nearDayText(day, today, language)}`,
          one.lateDays > 0 ? 'warn' : 'plain',
        ),
        span(
          one.owing ? say(language, ['  有东西在我们手上', '  something of theirs is with us']) : '',
          'warn',
        ),
      ]
    }),
  )
}

function caseLines(state: State, { card, alarms: open }: DoorFacts): Line[] {
  const { language } = state
  const today = todayOf(state)
  const until = (deadline: string | null, late: number): Span[] => {
    if (deadline === null) return []
    if (late > 0) return [span(`  ${lateText(late, language)}`, 'warn')]
    const near = nearDayText(deadline, today, language)
    return [span(say(language, [`  ${near}前`, `  by ${near}`]))]
  }
  const rows = card.cases.map((one) => ({
    // Where its alarm stands above, it is a case like any other.
    alarm: one.source === 'device' && !open.some((alarm) => alarm.case === one.id),
    spans: [
      span(
        `${one.source === 'device' ? '● ' : ''}${one.title ?? ''}`,
        one.source === 'device' ? 'alarm' : 'strong',
      ),
      ...(one.grade === 'serious' ? [span(say(language, [' [严重]', ' [serious]']), 'warn')] : []),
      span(`  ${stateLabel(one.state, language)}`),
      ...until(one.deadline, one.lateDays),
      ...(one.flagged ? [span(say(language, ['  ! 步骤对不上', '  ! steps do not fit']), 'warn')] : []),
    ],
  }))
  const alarms = rows.filter((one) => one.alarm).map((one) => one.spans)
  const others = rows.filter((one) => !one.alarm).map((one) => one.spans)
  return [...labelled(state, ['报警', 'Alarm'], alarms), ...labelled(state, ['案件', 'Cases'], others)]
}

const conflictLines = (state: State, { card }: DoorFacts): Line[] =>
  labelled(
    state,
    ['两种说法', 'Differs'],
    card.conflicts.map((one) => [
      span(
        `${say(state.language, one.label)}: ${one.values.map(({ value, by }) => `${text(value) || JSON.stringify(value)} (${by.name})`).join(' / ')}`,
        'warn',
      ),
    ]),
  )

function residentLines(state: State, { card }: DoorFacts): Line[] {
  const { language } = state
  return labelled(
    state,
    ['住的人', 'People'],
    card.residents.map((one) => {
      const age = one.age === null ? '' : say(language, [`${one.age} 岁`, `${one.age}`])
      const relation = one.relation === null ? '' : valueText('residence', 'relation', one.relation, language)
      const kinds = one.categories.map((kind) => categoryLabel(kind, language)).join('、')
      const away = one.present ? '' : say(language, ['不在此住', 'not living here'])
      return [
        span(text(one.fields.name), 'strong'),
        span(`  ${[relation, age, kinds, text(one.fields.phone), away].filter(Boolean).join('  ')}`),
      ]
    }),
  )
}

function visitLines(state: State, { card }: DoorFacts): Line[] {
  const { language } = state
  const today = todayOf(state)
  if (card.visits.length === 0)
    return labelled(
      state,
      ['上次', 'Last'],
      [[span(say(language, ['还没有探访过', 'never visited']), 'quiet')]],
    )
  return labelled(
    state,
    ['上次', 'Last'],
    card.visits.slice(0, 3).map((one) => {
      const on = one.on === null ? '' : nearDayText(one.on, today, language)
      const asked =
        one.contact === null || one.contact === 'resident'
          ? outcomeText(one.outcome, language)
          : `${valueText('visit', 'contact', one.contact, language)}${one.heard ? say(language, [':人平安', ': they are well']) : ''}`
      const what = [asked, modeText(one.mode, language), one.note ?? ''].filter(Boolean)
      const back = one.withdrawn === null ? [] : [say(language, ['已撤回', 'withdrawn'])]
      return [span(`${on} ${one.by.name}  ${[...what, ...back].join(' · ')}`)]
    }),
  )
}

function nextLines(state: State, { card }: DoorFacts): Line[] {
  const { next } = card
  if (!next) return []
  const { language } = state
  const today = todayOf(state)
  const day = dayText(next.dueOn, today, language)
  const why = next.promised ? say(language, ['(约好的)', ' (agreed)']) : ''
  return labelled(
    state,
    ['下次', 'Next'],
    [
      [
        span(say(language, [`${day}前${why}  `, `by ${day}${why}  `])),
        span(lateText(next.overdueDays, language), next.overdueDays > 0 ? 'warn' : 'plain'),
        ...next.also.map(({ policy, overdueDays }) =>
          span(
            `  + ${language === 'en' ? (policy.nameEn ?? policy.name) : policy.name} ${lateText(overdueDays, language)}`,
            'quiet',
          ),
        ),
      ],
    ],
  )
}

/** How many there are, and how many of them are not here. */
function photoLines(state: State): Line[] {
  const { language, facts } = state
  const count = facts.photos.length
  if (count === 0) return []
  const missing = facts.photos.filter(({ original }) => original.state !== 'here').length
  const all = say(language, [`${count} 件,f 打开`, `${count}, f opens them`])
  const gone = say(language, [`  ✗ ${missing} 件原件不在这里`, `  ✗ ${missing} originals not here`])
  return labelled(state, ['照片', 'Photos'], [[span(all), ...(missing > 0 ? [span(gone, 'warn')] : [])]])
}
