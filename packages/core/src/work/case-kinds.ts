/**
 * Kinds of cases and how long each stage may take: the program's own where the community's records leave it open.
 * Everything here is configuration; where no source gives a number, the row says that it is the program's.
 */
import type { Projection } from '../record/project.ts'
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type Stage = 'accept' | 'verify' | 'register' | 'dispatch' | 'handle' | 'check' | 'close' | 'call-back'
export const STAGES: readonly Stage[] = [
  'accept',
  'verify',
  'register',
  'dispatch',
  'handle',
  'check',
  'close',
  'call-back',
]

/** `wh` working hours, `wd` working days (as many hours as a day of the community has), `h` and `d` by the clock. */
export type Limit = { readonly count: number; readonly unit: 'wh' | 'wd' | 'h' | 'd' }
export type Limits = Readonly<Record<Stage | 'handle-serious', Limit | null>>

export type CaseKind = {
  readonly code: string
  readonly label: readonly [zh: string, en: string]
  readonly limits: Limits
  readonly callBackWanted: boolean
  readonly pictureWanted: boolean
  /** Per cent of a limit. */
  readonly warnAt: number
  readonly desk: string | null
  readonly disabled: boolean
  readonly source: readonly [zh: string, en: string]
  /** The community's record; null where everything is the program's. */
  readonly record: string | null
}

const PROGRAM: CaseKind['source'] = ['本程序的默认,请按本地规定改', 'This program’s default: set your own']
const HOTLINE: CaseKind['source'] = [
  '12345 分级时限,来自非官方网页(低质量来源),请核对后改',
  '12345 hotline grades, from an unofficial page (low-quality source): check and set your own',
]
const WARN_AT_PERCENT = 80

/** `4wh`, `2wd`, `24h`, `7d`; null for `none` and for what is none. */
export function parseLimit(text: unknown): Limit | null {
  const [, count, unit] = typeof text === 'string' ? (/^(\d{1,4})(wh|wd|h|d)$/.exec(text) ?? []) : []
  return unit === undefined ? null : { count: Number(count), unit: unit as Limit['unit'] }
}
export const formatLimit = (limit: Limit | null): string => (limit ? `${limit.count}${limit.unit}` : 'none')

/** No source gives these; they are short enough that nothing lies unseen over a weekend. */
const OFFICE: Limits = {
  accept: parseLimit('1wd'),
  verify: parseLimit('1wd'),
  register: parseLimit('4wh'),
  dispatch: parseLimit('4wh'),
  handle: parseLimit('7d'),
  'handle-serious': parseLimit('24h'),
  check: parseLimit('2wd'),
  close: parseLimit('1wd'),
  'call-back': parseLimit('3wd'),
}

const kind = (
  code: string,
  zh: string,
  en: string,
  more: Partial<Omit<CaseKind, 'limits'>> & { readonly limits?: Partial<Limits> } = {},
): CaseKind => ({
  code,
  label: [zh, en],
  callBackWanted: false,
  pictureWanted: code.endsWith('-hazard'),
  warnAt: WARN_AT_PERCENT,
  desk: null,
  disabled: false,
  source: PROGRAM,
  record: null,
  ...more,
  limits: { ...OFFICE, ...more.limits },
})

const asked = { callBackWanted: true, source: HOTLINE }

/** As one meets them at a door, the commonest first. */
export const defaultCaseKinds: readonly CaseKind[] = [
  kind('passage-hazard', '楼道堆物、占道', 'Things in the stairs or passage'),
  kind('electric-hazard', '用电隐患', 'Electrical hazard'),
  kind('gas-hazard', '燃气隐患', 'Gas hazard'),
  kind('fire-hazard', '消防隐患', 'Fire hazard'),
  kind('help', '求助、代办', 'Help wanted, errand', asked),
  kind('dispute', '矛盾纠纷', 'Dispute', { ...asked, limits: { handle: parseLimit('15d') } }),
  kind('health', '身体或照料', 'Health or care', { callBackWanted: true }),
  kind('facility', '公共设施坏了', 'Something public is broken', asked),
  kind('device', '家中设备要维护', 'A device in a home needs somebody'),
  kind('other', '其他', 'Other'),
  kind('danger', '危及人身或财产', 'Danger to life or property', {
    ...asked,
    limits: {
      accept: parseLimit('1h'),
      dispatch: parseLimit('1h'),
      handle: parseLimit('2h'),
      'handle-serious': parseLimit('2h'),
    },
  }),
  kind('utility', '停水停电停气停暖', 'No water, power, gas or heat', {
    ...asked,
    limits: { accept: parseLimit('4h'), handle: parseLimit('24h') },
  }),
  kind('complaint', '投诉举报', 'Complaint', asked),
]

const FIELDS: Readonly<Record<Stage | 'handle-serious', string>> = {
  accept: 'accept',
  verify: 'verify',
  register: 'register',
  dispatch: 'dispatch',
  handle: 'handle',
  'handle-serious': 'handleSerious',
  check: 'check',
  close: 'close',
  'call-back': 'callBack',
}
export const limitField = (stage: Stage | 'handle-serious'): string => FIELDS[stage]

export type CaseKinds = ReadonlyMap<string, CaseKind>

/** Every kind by its code: the program's in their order, then the community's own by code; disabled ones too. */
export function caseKindsOf(set: Pick<RecordSet, 'ofType'>): CaseKinds {
  const kinds = new Map(defaultCaseKinds.map((one) => [one.code, one]))
  const own = [...set.ofType('kind')].sort(byId)
  for (const record of own.sort((a, b) => (String(a.fields.code) < String(b.fields.code) ? -1 : 1))) {
    const code = textOf(record, 'code')
    if (code !== null) kinds.set(code, withRecord(kinds.get(code) ?? kind(code, code, code), record))
  }
  return kinds
}

/** Of a kind nobody described the program's limits hold, and its code is its name. */
export const caseKindOf = (kinds: CaseKinds, code: string | null): CaseKind =>
  kinds.get(code ?? '') ?? kind(code ?? 'other', code ?? '其他', code ?? 'Other')

function withRecord(base: CaseKind, record: Projection): CaseKind {
  const { fields } = record
  const limits: Record<string, Limit | null> = { ...base.limits }
  for (const [stage, field] of Object.entries(FIELDS)) {
    const said = fields[field]
    const parsed = parseLimit(said)
    if (parsed || said === 'none') limits[stage] = parsed
  }
  const flag = (field: string, otherwise: boolean) =>
    typeof fields[field] === 'boolean' ? fields[field] : otherwise
  const source = textOf(record, 'source')
  const name = textOf(record, 'name')
  const { warnAt } = fields
  return {
    code: base.code,
    label: [name ?? base.label[0], textOf(record, 'nameEn') ?? name ?? base.label[1]],
    limits: limits as Limits,
    callBackWanted: flag('callBackWanted', base.callBackWanted),
    pictureWanted: flag('pictureWanted', base.pictureWanted),
    warnAt: typeof warnAt === 'number' && warnAt >= 1 && warnAt <= 99 ? warnAt : base.warnAt,
    desk: textOf(record, 'desk') ?? base.desk,
    disabled: flag('disabled', base.disabled),
    source: source === null ? base.source : [source, source],
    record: record.id,
  }
}

export const limitOf = ({ limits }: CaseKind, stage: Stage, grade: string | null): Limit | null =>
  stage === 'handle' && grade === 'serious' ? limits['handle-serious'] : limits[stage]
