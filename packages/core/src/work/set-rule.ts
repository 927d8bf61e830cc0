/** Rules changed: for the community by a chief, for one device by whoever learned that an alarm was none. */
import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { builtinRules } from '../watch/builtin-rules.ts'
import { cleanText, type EntryPlace, findRecord, withEntries } from './command.ts'
import { limitFields, rulesOf, sawOfRule } from './watch-rules.ts'

/** Sets what a community says of one rule; null gives a field back to the program. A chief's to do. */
export async function setRule(
  station: Station,
  { code, set }: { readonly code: string; readonly set: Readonly<Record<string, Value>> },
): Promise<Result<{ readonly record: string; readonly entries: readonly EntryPlace[] }>> {
  const role = station.member()?.role ?? null
  const space = station.communitySpace()
  if (role !== 'chief' || !space) return fail({ type: 'role-may-not', role, action: 'rule.edit' })
  const clean = cleanText('rule', 'code', code, 60)
  if (!clean.ok) return clean
  const id = derivedId('ru', [station.identity.community, clean.value])
  const known = station.get(id) !== null || builtinRules.some((one) => one.id === clean.value)
  if (!known && (set.kind === undefined || (set.signal === undefined && set.kind !== 'silence')))
    return fail<RuleProblem>({ type: 'no-such-rule', rule: clean.value })
  return withEntries(
    await station.write('record.edit', (book) => {
      const done: Result<unknown> = book.get(id)
        ? book.edit(id, { set })
        : book.create('rule', space, { set: { ...set, code: clean.value } }, id)
      return done.ok ? ok({ record: id }) : done
    }),
  )
}

export type RuleProblem = Problem & {
  /** `life-rule`: what concerns life is not switched off for one home. */
  readonly type: 'no-such-rule' | 'life-rule'
  readonly rule: string
}

export type AdjustDevice = {
  readonly device: string
  readonly rule: string
  /** All of its own that is to hold; none at all gives the rule back to the community. */
  readonly limits: Readonly<Record<string, number>>
  readonly disabled?: boolean
  readonly reason: string
  /** The false alarm that taught it. */
  readonly alarm?: string
  /** Found out by the gateway itself. */
  readonly learned?: boolean
}

/** Other limits of one rule for one device, with the reason and, where there was one, the alarm that taught it. */
export async function adjustDevice(
  station: Station,
  input: AdjustDevice,
): Promise<Result<{ readonly device: string; readonly entries: readonly EntryPlace[] }>> {
  const { rule: code, limits, disabled = false, learned = false } = input
  const reason = cleanText('device', 'watch', input.reason, 200)
  if (!reason.ok) return reason
  const rule = rulesOf({ ofType: (type) => station.records({ type }) }).find((one) => one.id === code)
  if (!rule) return fail<RuleProblem>({ type: 'no-such-rule', rule: code })
  if (disabled && rule.urgency === 'life') return fail<RuleProblem>({ type: 'life-rule', rule: code })
  for (const [name, value] of Object.entries(limits))
    if (!limitFields.includes(name) || !Number.isFinite(value) || value < 0)
      return fail({ type: 'invalid-field', record: 'rule', field: name, rule: 'number' })
  return withEntries(
    await station.write('device.adjust', (book) => {
      const found = findRecord(book, 'device', input.device)
      if (!found.ok) return found
      const { id, space } = found.value
      const item: Value = {
        rule: code,
        limits: { ...limits },
        ...(disabled ? { disabled } : {}),
        ...(learned ? { learned } : {}),
        ...(input.alarm === undefined ? {} : { alarm: input.alarm }),
        reason: reason.value,
        saw: [...sawOfRule(found.value, code)],
      }
      const edited = book.edit(id, { append: { watch: [item] } }, space)
      return edited.ok ? ok({ device: id }) : edited
    }),
  )
}
