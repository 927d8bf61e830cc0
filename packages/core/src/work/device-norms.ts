/** By what devices are judged: the program's own numbers where the community's records leave them open. */
import { derivedId } from '../ids.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, withEntries } from './command.ts'
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

type Words = readonly [zh: string, en: string]
type NormRule = {
  readonly label: Words
  readonly unit: NormUnit
  readonly value: number
  readonly source: Words
}
export type NormUnit = 'years' | 'days' | 'percent' | 'count'

const PROGRAM: Words = ['本程序的默认,请按本地规定改', 'This program’s default: set your own']
const LIFE: Words = [
  '公开资料:燃气传感器寿命不超过 5 年,火灾探测器不超过 12 年;请核对本地规定',
  'Published: gas sensors at most 5 years, fire detectors at most 12; check your local rule',
]

export const norms = {
  'life-gas-alarm': {
    label: ['燃气报警器寿命', 'Life of a gas alarm'],
    unit: 'years',
    value: 5,
    source: LIFE,
  },
  'life-smoke': { label: ['烟感寿命', 'Life of a smoke alarm'], unit: 'years', value: 12, source: LIFE },
  'expiry-ahead': {
    label: ['到期前多久提醒', 'Told before an expiry'],
    unit: 'days',
    value: 60,
    source: PROGRAM,
  },
  'battery-low': { label: ['电量低于', 'Battery is low below'], unit: 'percent', value: 15, source: PROGRAM },
  'online-repair': {
    label: ['在线率低于此:修', 'Repair below this share online'],
    unit: 'percent',
    value: 90,
    source: PROGRAM,
  },
  'online-retire': {
    label: ['在线率低于此:停用', 'Retire below this share online'],
    unit: 'percent',
    value: 50,
    source: PROGRAM,
  },
  'false-repair': {
    label: ['误报率高于此:修', 'Repair above this share of false alarms'],
    unit: 'percent',
    value: 30,
    source: [
      '有报道一区误报率 35 %(二手资料);社区自定',
      'One district was reported at 35 % (secondary source); set your own',
    ],
  },
  'false-least': {
    label: ['至少几次报警才算误报率', 'Alarms needed before their share is judged'],
    unit: 'count',
    value: 3,
    source: PROGRAM,
  },
  'complaints-repair': {
    label: ['投诉达到此数:修', 'Repair from so many complaints on'],
    unit: 'count',
    value: 2,
    source: PROGRAM,
  },
} as const satisfies Record<string, NormRule>

export type NormCode = keyof typeof norms
export const isNorm = (code: string): code is NormCode => Object.hasOwn(norms, code)

export type NormRow = Omit<NormRule, 'value'> & {
  readonly code: NormCode
  readonly value: number
  /** The community's record; null where the program's number holds. */
  readonly record: string | null
}

export type Norms = ReadonlyMap<NormCode, NormRow>

/** Every norm in force, in the program's order. */
export function normsOf(set: Pick<RecordSet, 'ofType'>): Norms {
  const own = new Map([...set.ofType('norm')].sort(byId).map((one) => [one.fields.code, one]))
  return new Map(
    (Object.keys(norms) as NormCode[]).map((code): [NormCode, NormRow] => {
      const rule: NormRule = norms[code]
      const record = own.get(code)
      const value = record?.fields.value
      if (!record || typeof value !== 'number') return [code, { code, ...rule, record: null }]
      const source = textOf(record, 'source')
      return [
        code,
        { code, ...rule, value, source: source === null ? PROGRAM : [source, source], record: record.id },
      ]
    }),
  )
}

/** Sets one of them; null gives it back to the program. A chief's to do. */
export async function setNorm(
  station: Station,
  {
    code,
    value,
    source,
  }: { readonly code: NormCode; readonly value: number | null; readonly source: string },
): Promise<Result<{ readonly norm: string; readonly entries: readonly EntryPlace[] }>> {
  const role = station.member()?.role ?? null
  const space = station.communitySpace()
  if (role !== 'chief' || !space) return fail({ type: 'role-may-not', role, action: 'norm.edit' })
  const clean = cleanText('norm', 'source', source, 200)
  if (!clean.ok) return clean
  const id = derivedId('nm', [station.identity.community, code])
  const set = { value, source: clean.value }
  return withEntries(
    await station.write('record.edit', (book) => {
      const done: Result<unknown> = book.get(id)
        ? book.edit(id, { set })
        : book.create('norm', space, { set: { ...set, code } }, id)
      return done.ok ? ok({ norm: id }) : done
    }),
  )
}
