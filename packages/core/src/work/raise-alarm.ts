/** A finding of a rule becomes an alarm record and a case of the home, in one write. */
import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import { isMovedAway } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { ok, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import type { Finding, Rule, Urgency } from '../watch/finding.ts'
import { isFalseAlarm } from './alarm-answers.ts'
import { type AlarmFold, foldAlarm } from './alarm-state.ts'
import { foldCaseRecord, sawOf } from './case-state.ts'
import { type EntryPlace, findRecord, withEntries } from './command.ts'
import { byId } from './lookups.ts'

export type RaisedAlarm = {
  /** Null: there was nothing to write, as of a finding that cleared before anybody heard of it. */
  readonly alarm: string | null
  /** Which the alarm opened or joined by this write. */
  readonly case: string | null
  readonly opened: boolean
  readonly did: 'raised' | 'raised-again' | 'confirmed' | 'cleared' | 'unknown' | 'nothing'
  /** Where it is on disk; empty where nothing was written. */
  readonly entries: readonly EntryPlace[]
}

/**
 * After a verdict that nothing was wrong, the same still being found is told again after so long: whoever was well on
 * Monday may not be on Tuesday. The rule's own window where it has one; this project's own, else.
 */
const AGAIN_AFTER_HOURS = 24
const HOUR_MS = 3_600_000

export const alarmIdOf = ({ device, rule, sinceMs }: Pick<Finding, 'device' | 'rule' | 'sinceMs'>): string =>
  derivedId('al', [device, rule, String(sinceMs)])

/**
 * Writes what a finding adds to what is known; said again, it adds nothing. `cleared` and `unknown` are kept beside
 * the rest and close no case. Fails `no-such-record` where the device is not here (any more).
 */
export async function raiseFinding(
  station: Station,
  finding: Finding,
  rule: Rule,
): Promise<Result<RaisedAlarm>> {
  return withEntries(
    await station.write('alarm.raise', (book): Result<Omit<RaisedAlarm, 'entries'>> => {
      const id = alarmIdOf(finding)
      const known = book.get(id)
      if (known) {
        const kept = findRecord(book, 'alarm', id)
        return kept.ok ? addFinding(book, kept.value, finding, rule) : kept
      }
      if (finding.state !== 'raised') return ok({ alarm: null, case: null, opened: false, did: 'nothing' })
      const device = findRecord(book, 'device', finding.device)
      if (!device.ok) return device
      const { space, fields } = device.value
      const dwelling = typeof fields.dwelling === 'string' ? fields.dwelling : null
      const household = householdAt(book, space, dwelling)
      const home: Home = { alarm: id, space, household, dwelling }
      const found = caseFor(book, home, rule, 1)
      if (!found.ok) return found
      const made = book.create(
        'alarm',
        space,
        {
          set: {
            device: finding.device,
            dwelling,
            household,
            rule: finding.rule,
            sinceMs: finding.sinceMs,
          },
          append: { signals: [raisedValue(finding, rule, found.value.case, 1, [])] },
        },
        id,
      )
      return made.ok ? ok({ alarm: id, ...found.value, did: 'raised' }) : made
    }),
  )
}

const raisedValue = (
  finding: Finding,
  rule: Rule,
  which: string,
  round: number,
  saw: readonly string[],
): Value => ({
  state: 'raised',
  at: finding.atMs,
  round,
  figures: { ...finding.figures },
  rule: {
    label: [...rule.label],
    urgency: rule.urgency,
    signal: rule.signal,
    chain: rule.chain.map((one) => ({ ...one })),
  },
  case: which,
  saw: [...saw],
})

function addFinding(
  book: Draftbook,
  record: Projection,
  finding: Finding,
  rule: Rule,
): Result<Omit<RaisedAlarm, 'entries'>> {
  const { id, space } = record
  const fold = foldAlarm(record)
  const nothing = { alarm: id, case: null, opened: false, did: 'nothing' } as const
  if (isToTellAgain(fold, finding, rule)) {
    const text = (field: string) =>
      typeof record.fields[field] === 'string' ? String(record.fields[field]) : null
    const home = { alarm: id, space, household: text('household'), dwelling: text('dwelling') }
    const round = fold.current.round + 1
    const found = caseFor(book, home, rule, round)
    if (!found.ok) return found
    const signals = [raisedValue(finding, rule, found.value.case, round, fold.saw)]
    const edited = book.edit(id, { append: { signals } })
    return edited.ok ? ok({ alarm: id, ...found.value, did: 'raised-again' }) : edited
  }
  if (finding.state === fold.state || finding.atMs < fold.stateAtMs) return ok(nothing)
  const state = finding.state === 'raised' ? 'confirmed' : finding.state
  const said: Value = {
    state,
    at: finding.atMs,
    round: fold.current.round,
    figures: { ...finding.figures },
    saw: [...fold.saw],
  }
  const edited = book.edit(id, { append: { signals: [said] } })
  return edited.ok ? ok({ ...nothing, did: state }) : edited
}

/** Only of people who may not be well: a detector that goes on is for whoever repairs it. */
export function isToTellAgain({ current, state }: AlarmFold, finding: Finding, rule: Rule): boolean {
  const { decided, verdict } = current
  if (state !== 'raised' || finding.state !== 'raised' || rule.urgency !== 'care' || !decided) return false
  if (verdict !== 'test' && (verdict === 'fault' || !isFalseAlarm(verdict))) return false
  const hours = rule.limits.hours ?? AGAIN_AFTER_HOURS
  return finding.atMs >= decided.atMs + hours * HOUR_MS
}

/** Who lives there; of several in one dwelling every station takes the same. */
function householdAt(book: Draftbook, space: string, dwelling: string | null): string | null {
  if (dwelling === null) return null
  const homes = [...book.records({ space, type: 'household' })].filter(
    (one) => one.fields.dwelling === dwelling && !isMovedAway(one),
  )
  return homes.sort(byId)[0]?.id ?? null
}

type Home = {
  readonly alarm: string
  readonly space: string
  readonly household: string | null
  readonly dwelling: string | null
}

const RANK: Readonly<Record<Urgency, number>> = { upkeep: 0, care: 1, life: 2 }

/**
 * Joins the open device case of the home, or opens one. What is more urgent than everything in a case opens its own:
 * the limits of a dripping tap are not those of a fire. Raised apart by two gateways, an alarm opens one case all the
 * same: the id follows from it.
 */
function caseFor(
  book: Draftbook,
  { alarm, space, household, dwelling }: Home,
  rule: Rule,
  round: number,
): Result<{ readonly case: string; readonly opened: boolean }> {
  const isHere = ({ fields }: Projection) =>
    household === null ? dwelling !== null && fields.dwelling === dwelling : fields.household === household
  const urgencies = new Map<string, number>()
  for (const one of book.records({ space, type: 'alarm' }))
    if (isHere(one)) {
      const fold = foldAlarm(one)
      for (const which of fold.cases)
        urgencies.set(which, Math.max(urgencies.get(which) ?? 0, RANK[fold.rule.urgency]))
    }
  const [open] = [...urgencies]
    .flatMap(([which, rank]) => (rank >= RANK[rule.urgency] ? (book.get(which, space) ?? []) : []))
    .filter((one) => one.space === space && one.type === 'case' && foldCaseRecord(one).open)
    .sort(byId)
  const name = rule.label.join(' · ').slice(0, 160)
  if (open) {
    const note = `${round > 1 ? '仍在报警 · Still found' : '又一报警 · Another alarm'}: ${name}`
    const steps = [{ step: 'note', note, alarm, saw: [...sawOf(foldCaseRecord(open))] }]
    const joined = book.edit(open.id, { append: { steps } }, space)
    return joined.ok ? ok({ case: open.id, opened: false }) : joined
  }
  const id = derivedId('ca', [alarm, 'alarm', String(round)])
  const made = book.create(
    'case',
    space,
    {
      set: { household, kind: rule.caseKind, title: name, grade: rule.grade, source: 'device' },
      append: { steps: [{ step: 'report', alarm, saw: [] }] },
    },
    id,
  )
  return made.ok ? ok({ case: id, opened: true }) : made
}
