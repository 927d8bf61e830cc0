import { say, type Words } from '../../voice/language.ts'
import { cutStart, pad } from '../cells.ts'
import { daysSince, whenText } from '../dates.ts'
import type { PeerLine, SyncFacts } from '../facts.ts'
import { blank, type Line, line, type Span, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'

/** Somebody not met for so long is named: nobody would notice otherwise. */
const LONG_DAYS = 7

/** What is here, who else has it, how that is known, and what lies on this machine alone. */
export function syncView(state: State, screen: Extract<Screen, { type: 'sync' }>): Pane {
  const { language, facts } = state
  const { sync } = facts
  const title = line(' ', span(say(language, ['同步', 'Sync']), 'strong'))
  if (!sync) return { title, body: [] }
  const prompt = screen.prompt ? [promptLine(state, screen.prompt), blank] : []
  const usual = (one: PeerLine) =>
    one.live !== null || (one.metMs !== null && daysSince(one.metMs, state.nowMs, state.timeZone) < LONG_DAYS)
  return {
    title,
    right: line(
      `${say(language, [`本机:${sync.name}`, `this: ${sync.name}`])}${sync.listening ? `  ${sync.listening}` : ''} `,
    ),
    body: [
      ...prompt,
      ...[{ ...sync.members, name: say(language, ['成员与钥匙', 'Members and keys']) }, ...sync.spaces].map(
        (one) =>
          line(
            span(` ${pad(one.name, 22)}`, 'strong'),
            say(language, [
              `${one.entries} 条   摘要 ${one.digest}`,
              `${one.entries} entries   digest ${one.digest}`,
            ]),
          ),
      ),
      blank,
      ...(sync.peers.length === 0
        ? [
            line(
              span(say(language, ['   还不知道有别的站点。', '   No other station is known yet.']), 'quiet'),
            ),
          ]
        : sync.peers.filter(usual).map((one) => peerLine(state, one))),
      ...sync.peers.filter((one) => !usual(one)).map((one) => goneLine(state, one)),
      blank,
      ...witnessLines(state, sync),
      ...heldLines(state, sync),
    ],
    scroll: screen.scroll,
  }
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

function peerLine(state: State, one: PeerLine): Line {
  const { language, nowMs, timeZone } = state
  const when = one.metMs === null ? '' : whenText(one.metMs, nowMs, timeZone, language)
  return line(
    `   ${pad(one.name, 24)}`,
    one.equal
      ? span(pad(say(language, ['相同', 'same']), 16), 'good')
      : span(
          pad(
            one.behind > 0
              ? say(language, [`少 ${one.behind} 条`, `lacks ${one.behind}`])
              : say(language, ['未核对', 'not compared']),
            16,
          ),
          'warn',
        ),
    pad(when, 16),
    ...liveSpans(state, one.live),
  )
}

function liveSpans({ language }: State, live: PeerLine['live']): Span[] {
  if (!live) return []
  const via = live.via === 'mesh' ? say(language, ['网状', 'mesh']) : say(language, ['局域网', 'LAN'])
  const sending = live.toSend > 0
  const receiving = live.toReceive > 0
  if (!sending && !receiving) return [span(via)]
  const [done, all] = sending
    ? [live.sent, live.sent + live.toSend]
    : [live.received, live.received + live.toReceive]
  const words = sending ? say(language, ['正在发送', 'sending']) : say(language, ['正在接收', 'receiving'])
  return [span(`${words} ${bar(done, all)} ${done}/${all}`, 'strong')]
}

export const bar = (done: number, all: number, width = 8): string => {
  const full = all === 0 ? width : Math.min(width, Math.floor((done / all) * width))
  return '▇'.repeat(full) + '▁'.repeat(width - full)
}

function goneLine(state: State, one: PeerLine): Line {
  const words: Words =
    one.metMs === null
      ? [`从未相遇:${one.name}`, `never met: ${one.name}`]
      : ((days: number): Words => [
          `${days} 天没有出现:${one.name}`,
          `not seen for ${days} days: ${one.name}`,
        ])(daysSince(one.metMs, state.nowMs, state.timeZone))
  const lacks: Words = one.behind > 0 ? [`(少 ${one.behind} 条)`, ` (lacks ${one.behind})`] : ['', '']
  return line(
    span(
      `   ${say(state.language, words)}${say(state.language, lacks)}`,
      one.metMs === null ? 'quiet' : 'warn',
    ),
  )
}

function witnessLines(state: State, sync: SyncFacts): Line[] {
  const { language, nowMs, timeZone, facts } = state
  if (sync.holders.length === 0) return []
  const { lastVisit } = sync
  const others = sync.holders.length - 1
  const what = lastVisit
    ? say(language, [
        `我最后一次探访(${lastVisit.address},${whenText(lastVisit.atMs, nowMs, timeZone, 'zh')})`,
        `My last visit (${lastVisit.address}, ${whenText(lastVisit.atMs, nowMs, timeZone, 'en')})`,
      ])
    : say(language, ['我最后写下的', 'The last I wrote'])
  const alone = facts.truth?.onlyHere ?? 0
  return [
    line(
      ` ${what} `,
      span(
        others === 0
          ? say(language, ['只在本机', 'is on this machine alone'])
          : say(language, [
              `在 ${others + 1} 台上:${sync.holders.join('、')}`,
              `is on ${others + 1}: ${sync.holders.join(', ')}`,
            ]),
        others === 0 ? 'warn' : 'good',
      ),
    ),
    ...(alone > 0
      ? [
          line(
            span(
              say(language, [
                ` 共有 ${alone} 条还没有别的机器确认收到`,
                ` ${alone} entries in all that no other machine has confirmed`,
              ]),
              'warn',
            ),
          ),
        ]
      : []),
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
