import { attemptLines } from '../../voice/attempt-text.ts'
import { clockCommand, clockDoubtWords } from '../../voice/clock-doubt-text.ts'
import { say, type Words } from '../../voice/language.ts'
import { syncProgressText } from '../../voice/progress.ts'
import type { SyncProgressNow } from '../../voice/sync-progress.ts'
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
} from '../../voice/sync-text.ts'
import { cut, cutStart, pad, wrap } from '../cells.ts'
import { whenText } from '../dates.ts'
import type { LivePeer, SyncFacts } from '../facts.ts'
import { blank, type Line, line, span, type Tone } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'

type Space = SyncFacts['spaces'][number]
type Peer = Space['peers'][number]

/** What is here, who else has it, how that is known, and what lies on this machine alone. */
export function syncView(state: State, screen: Extract<Screen, { type: 'sync' }>): Pane {
  const { language, facts } = state
  const { sync } = facts
  const title = line(' ', span(say(language, ['同步', 'Sync']), 'strong'))
  if (!sync) return { title, body: [] }
  const prompt = screen.prompt ? [promptLine(state, screen.prompt), blank] : []
  const progress = facts.truth?.progress ?? null
  return {
    title,
    right: line(
      `${say(language, [`本机:${sync.name}`, `this: ${sync.name}`])}${sync.listening ? `  ${sync.listening}` : ''} `,
    ),
    body: [
      ...prompt,
      ...(progress ? progressLines(state, progress) : []),
      ...sync.spaces.flatMap((space) => spaceLines(state, sync, space)),
      blank,
      ...ownLines(state, sync),
      ...heldLines(state, sync),
      ...clockLines(state, sync),
      ...sync.unheard.flatMap((one) => worded(state, unheardText(one, told(state)), 'warn')),
      ...triedLines(state, sync),
    ],
    scroll: screen.scroll,
  }
}

const told = ({ language, nowMs, timeZone }: State): Told => ({
  language,
  nowMs,
  when: (ms) => whenText(ms, nowMs, timeZone, language),
})

/** As many lines as it takes, the first one out by one cell. */
function worded({ size }: State, text: string, tone: Tone): Line[] {
  const [first = '', ...rest] = wrap(text, size.columns - 3)
  return [line(span(` ${first}`, tone)), ...rest.map((more) => line(span(`   ${more}`, tone)))]
}

/** What is off, and the command that a person types to set it. */
function clockLines(state: State, { clock }: SyncFacts): Line[] {
  if (!clock) return []
  return [
    ...worded(state, say(state.language, clockDoubtWords(clock)), 'warn'),
    line(`   ${clockCommand(clock)}`),
  ]
}

const PROMPTS: Readonly<Record<'call' | 'write' | 'read', Words>> = {
  call: ['呼叫地址(主机:端口)', 'Address (HOST:PORT)'],
  write: ['写到哪个文件', 'Write to which file'],
  read: ['读哪个文件', 'Read which file'],
}

const promptLine = (
  { language, size }: State,
  { kind, text }: NonNullable<Extract<Screen, { type: 'sync' }>['prompt']>,
): Line => ({
  ...line(
    span(` ${say(language, PROMPTS[kind])}  `, 'strong'),
    span(cutStart(text, size.columns - 30), 'typed'),
  ),
  cursor: true,
})

/** In words, and as a bar that is not read aloud. */
function progressLines({ language, size }: State, progress: SyncProgressNow): Line[] {
  const bar = progress.percent === null ? [] : [barLine(progress.percent, size.columns)]
  return [line(span(` ${syncProgressText(progress, language)}`, 'strong')), ...bar, blank]
}

const barLine = (percent: number, columns: number): Line => {
  const width = Math.max(1, Math.min(60, columns - 4))
  const full = Math.min(width, Math.floor((percent / 100) * width))
  return {
    ...line(span(` ${'▇'.repeat(full)}${'▁'.repeat(width - full)}`, 'quiet')),
    decoration: true,
  }
}

/** Those of whom nothing is to be done share a line where there are many. */
const MANY = 3

function spaceLines(state: State, sync: SyncFacts, space: Space): Line[] {
  const { language, size } = state
  const name = Math.max(10, Math.min(24, Math.floor(size.columns * 0.3)))
  const heading = line(
    span(` ${pad(spaceName(space, language), name)} `, 'strong'),
    say(language, [
      `${space.entries.toLocaleString('en-US')} 条   摘要 ${digestText(space.digest)}`,
      `${space.entries.toLocaleString('en-US')} ${space.entries === 1 ? 'entry' : 'entries'}   digest ${digestText(space.digest)}`,
    ]),
  )
  const isTogether = (peer: Peer): boolean =>
    !sync.live.has(peer.station) &&
    (peer.state === 'equal' || peer.state === 'unheard') &&
    (space.kind === 'members' ||
      space.peers.filter(({ state: other }) => other === peer.state).length >= MANY)
  const alone = space.peers.filter((peer) => !isTogether(peer))
  return [
    heading,
    ...alone.map((peer) => peerLine(state, peer, sync.live.get(peer.station) ?? null, name)),
    ...(['equal', 'unheard'] as const).flatMap((same) => {
      const peers = space.peers.filter((peer) => peer.state === same && isTogether(peer))
      return peers.length > 0 ? [togetherLine(state, same, peers)] : []
    }),
    ...(space.peers.length === 0 ? [line(span(`   ${say(language, NOBODY)}`, 'quiet'))] : []),
  ]
}

const NOBODY: Words = ['没有别的站点保存它。', 'No other station keeps it.']

const digestText = (digest: string): string => `${digest.slice(0, 4)} ${digest.slice(4, 8)}`

function peerLine(state: State, peer: Peer, live: LivePeer | null, name: number): Line {
  const { language } = state
  const gateway = peer.gateway ? say(language, ['网关 ', 'gateway ']) : ''
  const words = say(language, stateWords(peer))
  const rest = state.size.columns - name - 3 - 18
  const when = asOfText(peer.atMs, told(state))
  return line(
    `   ${pad(`${gateway}${peer.name}`, name - 1)}`,
    span(` ${pad(words, 17)}`, TONES[peer.state]),
    cut([when, liveText(state, peer, live)].filter((text) => text !== '').join('  '), Math.max(0, rest)),
  )
}

const TONES: Readonly<Record<Peer['state'], Tone>> = {
  equal: 'good',
  'says-same': 'plain',
  differs: 'warn',
  unheard: 'quiet',
}

/** By which way it told, and what goes over the wire now. */
function liveText({ language }: State, peer: Peer, live: LivePeer | null): string {
  if (!live) return peer.via ? say(language, viaWords(peer.via)) : ''
  const via = viaWords(live.via)
  // What is under way is of other spaces.
  if (peer.state === 'equal') return say(language, [`在线 ${via[0]}`, `online, ${via[1]}`])
  if (live.toSend > 0)
    return say(language, [
      `正在发送 ${live.sent}/${live.sent + live.toSend}`,
      `sending ${live.sent}/${live.sent + live.toSend}`,
    ])
  if (live.toReceive > 0)
    return say(language, [
      `正在接收 ${live.received}/${live.received + live.toReceive}`,
      `receiving ${live.received}/${live.received + live.toReceive}`,
    ])
  return say(language, [`在线 ${via[0]}`, `online, ${via[1]}`])
}

function togetherLine(state: State, same: 'equal' | 'unheard', peers: readonly Peer[]): Line {
  const { language } = state
  const oldest = peers.reduce<number | null>(
    (least, { atMs }) => (atMs === null ? least : Math.min(least ?? atMs, atMs)),
    null,
  )
  const since = oldest === null ? '' : told(state).when(oldest)
  const names = peers.map(({ name }) => name).join(say(language, ['、', ', ']))
  const words: Words =
    same === 'equal'
      ? [
          `相同 ${peers.length} 台(${since}起):${names}`,
          `${peers.length} the same (since ${since}): ${names}`,
        ]
      : [`从未相遇 ${peers.length} 台:${names}`, `${peers.length} never met: ${names}`]
  return line(span(`   ${say(language, words)}`, TONES[same]))
}

function ownLines(state: State, sync: SyncFacts): Line[] {
  const { language } = state
  const { lastVisit, visitsToday, work } = sync
  const alone = aloneText(work, told(state))
  return [
    ...(lastVisit
      ? worded(state, lastVisitText(lastVisit, told(state)), lastVisit.holders.length > 1 ? 'good' : 'warn')
      : []),
    ...(visitsToday.count > 0
      ? worded(state, visitsTodayText(visitsToday, language), visitsToday.onlyHere > 0 ? 'warn' : 'good')
      : []),
    ...(alone ? worded(state, alone, 'warn') : []),
  ]
}

function heldLines({ language }: State, { held, refused }: SyncFacts): Line[] {
  if (held + refused === 0) return []
  return [
    line(
      span(
        say(language, [
          ` 扣下待看 ${held} 条,拒收 ${refused} 条 — q 查看`,
          ` ${held} held back, ${refused} refused — q to look`,
        ]),
        'warn',
      ),
    ),
  ]
}

/** When nobody was found: where it was looked, how that was known, and what came of it. */
const triedLines = (state: State, { tried }: SyncFacts): Line[] =>
  (tried ? attemptLines(tried) : []).flatMap((words) => worded(state, say(state.language, words), 'quiet'))
