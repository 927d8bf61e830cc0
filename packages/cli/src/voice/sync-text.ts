import type { SpaceTruth, Unheard, VisitTruth } from '../station/sync-truth.ts'
import { type Language, plural, say, type Words } from './language.ts'

/** The truth about sync in words, for the command's output and the workstation alike. */

export type Told = {
  readonly language: Language
  /** `今天 09:12`, as the place it is said in says times. */
  readonly when: (ms: number) => string
  readonly nowMs: number
}

type Peer = SpaceTruth['peers'][number]

const DAY_MS = 86_400_000
/** What was heard a moment ago, by a clock that was set back by less than this. */
const TOLERANCE_MS = 60_000

export function spaceName(
  { kind, name, id }: Pick<SpaceTruth, 'kind' | 'name' | 'id'>,
  language: Language,
): string {
  if (kind === 'members') return say(language, ['成员与钥匙', 'Members and keys'])
  if (kind === 'sealed') return say(language, ['代存,打不开', 'kept sealed'])
  return name || id
}

export const viaWords = (via: NonNullable<Peer['via']>): Words =>
  (
    ({
      lan: ['局域网', 'LAN'],
      mesh: ['网状', 'mesh'],
      bundle: ['数据包', 'bundle'],
      memory: ['直连', 'direct'],
    }) as const
  )[via]

/** `相同`, `自称相同`, `少 3 条`: never more than is known. */
export function stateWords(peer: Pick<Peer, 'state' | 'lacks' | 'ahead' | 'reads'>): Words {
  const { state, lacks, ahead, reads } = peer
  if (state === 'equal') return reads ? ['相同', 'same'] : ['条目相同', 'same entries']
  if (state === 'says-same') return ['自称都有,未核对', 'says it has all']
  if (state === 'unheard') return ['从未相遇', 'never met']
  const parts: Words[] = [
    ...(lacks > 0 ? [[`少 ${lacks} 条`, `lacks ${lacks}`] as const] : []),
    ...(ahead > 0 ? [[`多 ${ahead} 条`, `has ${ahead} more`] as const] : []),
  ]
  if (parts.length === 0) return ['不同', 'differs']
  return [parts.map(([zh]) => zh).join(','), parts.map(([, en]) => en).join(', ')]
}

/** As of when, and how long ago where that is long. A time that lies ahead is a clock that was set back since. */
export function asOfText(atMs: number | null, { language, when, nowMs }: Told): string {
  if (atMs === null) return ''
  if (atMs > nowMs + TOLERANCE_MS)
    return say(language, ['时间不明(时钟改过)', 'time unknown (clock was set)'])
  const days = Math.floor((nowMs - atMs) / DAY_MS)
  if (days < 2) return when(atMs)
  return say(language, [`${when(atMs)}(${days} 天前)`, `${when(atMs)} (${days} days ago)`])
}

export function lastVisitText(visit: VisitTruth, { language, when }: Told): string {
  const { address, atMs, holders, gateways } = visit
  const others = holders.length - 1
  const where = address || visit.visit
  if (others === 0)
    return say(language, [
      `我最后一次探访(${where},${when(atMs)})只在本机`,
      `My last visit (${where}, ${when(atMs)}) is on this machine alone`,
    ])
  const gateway: Words =
    gateways.length > 0 ? [',网关在内', ', a gateway among them'] : [',网关还没有', ', no gateway yet']
  return say(language, [
    `我最后一次探访(${where},${when(atMs)})在 ${others + 1} 台上:${names(visit, '、', '本机')}${gateway[0]}`,
    `My last visit (${where}, ${when(atMs)}) is on ${others + 1} stations: ${names(visit, ', ', 'this one')}${gateway[1]}`,
  ])
}

const names = ({ holders }: VisitTruth, comma: string, here: string): string =>
  [here, ...holders.slice(1).map(({ name }) => name)].join(comma)

export const visitsTodayText = (
  { count, onlyHere }: { readonly count: number; readonly onlyHere: number },
  language: Language,
): string =>
  say(language, [
    `今天的探访 ${count} 次${onlyHere > 0 ? `,其中 ${onlyHere} 次只在本机` : ',别的站点都有'}`,
    `Visits of today: ${count}${onlyHere > 0 ? `, of which ${onlyHere} only here` : ', all held elsewhere too'}`,
  ])

/** Own work that no other station is known to hold; null where there is none. */
export function aloneText(
  work: { readonly onlyHere: number; readonly sinceMs: number | null },
  { language, nowMs }: Told,
): string | null {
  if (work.onlyHere === 0) return null
  const days = work.sinceMs === null ? null : Math.max(0, Math.floor((nowMs - work.sinceMs) / DAY_MS))
  const long: Words =
    days === null
      ? [',从何时起不明', ', since an unknown time']
      : days > 0
        ? [`,最早的已有 ${days} 天`, `, the oldest for ${plural(days, 'day')}`]
        : ['', '']
  return say(language, [
    `你写的 ${work.onlyHere} 条只在这台机器上${long[0]}`,
    `Only on this machine: ${plural(work.onlyHere, 'entry', 'entries')} of yours${long[1]}`,
  ])
}

/** One station that nobody has heard of, as its chief is told; what its clock says, where there is room. */
export function unheardText(one: Unheard, { language, when }: Told, isShort = false): string {
  const who = [one.memberName, ...one.grids].join(say(language, ['、', ', ']))
  const long: Words =
    one.days === null
      ? [`不知多久没有消息:`, `no word for nobody knows how long: `]
      : one.by === 'added'
        ? [`加入 ${one.days} 天,从没有消息:`, `no word since it was added ${plural(one.days, 'day')} ago: `]
        : [`${one.days} 天没有消息:`, `no word for ${plural(one.days, 'day')}: `]
  const clock: Words =
    one.clockSaysMs === null || isShort
      ? ['', '']
      : [`;它的钟说 ${when(one.clockSaysMs)}`, `; its clock says ${when(one.clockSaysMs)}`]
  return say(language, [
    `${long[0]}${one.name}(${who})${clock[0]}`,
    `${long[1]}${one.name} (${who})${clock[1]}`,
  ])
}
