import type { OwnWork } from '@doorstep/core'
import type { SpaceTruth, Unheard, VisitTruth } from '../station/sync-truth.ts'
import { type ClockWarning, clockCommand, clockDoubtWords } from './clock-doubt-text.ts'
import { shortDigest } from './digest.ts'
import { say } from './language.ts'
import {
  aloneText,
  asOfText,
  lastVisitText,
  spaceName,
  stateWords,
  type Told,
  unheardText,
  viaWords,
  visitsTodayText,
} from './sync-text.ts'
import { table } from './table.ts'

export type SyncStatusFacts = {
  readonly name: string
  readonly spaces: readonly SpaceTruth[]
  readonly work: OwnWork
  readonly visits: {
    readonly last: VisitTruth | null
    readonly today: { readonly count: number; readonly onlyHere: number }
  }
  readonly unheard: { readonly afterDays: number; readonly stations: readonly Unheard[] }
  readonly held: number
  readonly clock: ClockWarning | null
  readonly isChief: boolean
}

export function syncStatusText(facts: SyncStatusFacts, told: Told): string {
  const { language } = told
  const alone = aloneText(facts.work, told)
  const { last, today } = facts.visits
  return [
    say(language, [`本机:${facts.name}`, `This station: ${facts.name}`]),
    table(
      [
        say(language, ['空间', 'Space']),
        say(language, ['条', 'Entries']),
        say(language, ['摘要/情况', 'Digest / state']),
        say(language, ['截至', 'As of']),
        say(language, ['经由', 'Via']),
      ],
      facts.spaces.flatMap((space) => [
        [spaceName(space, language), String(space.entries), shortDigest(space.digest), '', ''],
        ...space.peers.map((peer) => [
          `  ${peer.gateway ? say(language, ['网关 ', 'gateway ']) : ''}${peer.name}`,
          peer.state === 'unheard' ? '–' : String(peer.entries),
          say(language, stateWords(peer)),
          asOfText(peer.atMs, told),
          peer.via ? say(language, viaWords(peer.via)) : '',
        ]),
      ]),
    ),
    ...(last ? [lastVisitText(last, told)] : []),
    ...(today.count > 0 ? [visitsTodayText(today, language)] : []),
    ...(alone ? [`! ${alone}`] : []),
    ...(facts.clock
      ? [`! ${say(language, clockDoubtWords(facts.clock))}`, `  ${clockCommand(facts.clock)}`]
      : []),
    ...(facts.held > 0
      ? [
          say(language, [
            `! 扣下待看 ${facts.held} 条:doorstep quarantine list`,
            `! ${facts.held} held back: doorstep quarantine list`,
          ]),
        ]
      : []),
    ...(facts.isChief ? warning(facts.unheard, told) : []),
  ].join('\n')
}

/** For a chief: who has not been heard of for as long as was set. */
export function warning({ afterDays, stations }: SyncStatusFacts['unheard'], told: Told): string[] {
  if (stations.length === 0) return []
  return [
    ...stations.map((one) => `! ${unheardText(one, told)}`),
    say(told.language, [
      `  (满 ${afterDays} 天就提醒;改:doorstep sync warn DAYS)`,
      `  (warned of after ${afterDays} days; to change: doorstep sync warn DAYS)`,
    ]),
  ]
}
