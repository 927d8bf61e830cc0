import type { MetPeer } from '@doorstep/sync'
import type { SpaceTruth } from '../station/sync-truth.ts'
import { shortDigest } from './digest.ts'
import { type Language, say, type Words } from './language.ts'
import { spaceName, stateWords, viaWords } from './sync-text.ts'

type Told = { readonly language: Language; readonly timeoutS: number }

/** What became of each meeting: what was proved, what was not, and why. */
export const metText = (peers: readonly MetPeer[], spaces: readonly SpaceTruth[], told: Told): string =>
  peers.flatMap((peer) => [...linesOf(peer, spaces, told)]).join('\n')

function linesOf(peer: MetPeer, spaces: readonly SpaceTruth[], told: Told): string[] {
  const { language } = told
  const compared = new Map(peer.spaces.map((one) => [one.space, one]))
  const shared = spaces.flatMap((space) => {
    const other = space.peers.find(({ station }) => station === peer.station)
    return other ? [{ space, other, isEqual: compared.get(space.id)?.equal === true }] : []
  })
  const proved = shared.filter(({ isEqual }) => isEqual)
  const open = shared.filter(({ isEqual }) => !isEqual)
  const via = say(language, viaWords(peer.via as 'lan' | 'mesh' | 'memory'))
  const named = (list: typeof shared): string =>
    list.map(({ space }) => spaceName(space, language)).join(say(language, ['、', ', ']))
  const lines = [
    say(language, [
      `${peer.name || peer.station}(${via}):发出 ${peer.sent} 条,收到 ${peer.received} 条`,
      `${peer.name || peer.station} (${via}): sent ${peer.sent}, received ${peer.received}`,
    ]),
  ]
  if (proved.length > 0)
    lines.push(
      say(language, [
        `  已证明相同:${named(proved)}${peer.equal ? `  ${shortDigest(peer.digest)}` : ''}`,
        `  Proved equal: ${named(proved)}${peer.equal ? `  ${shortDigest(peer.digest)}` : ''}`,
      ]),
    )
  for (const { space, other } of open) {
    const state = say(language, stateWords(other))
    lines.push(
      say(language, [
        `  没有证明:${spaceName(space, language)}(就所知:${state})`,
        `  Not proved: ${spaceName(space, language)} (as far as known: ${state})`,
      ]),
    )
  }
  if (!peer.equal) lines.push(`  ${say(language, whyWords(peer, told.timeoutS))}`)
  return lines
}

/** Why a meeting ended before everything was proved equal. */
export function whyWords({ ended, toSend, toReceive }: MetPeer, timeoutS: number): Words {
  const left: Words =
    toSend + toReceive > 0
      ? [`,还差发 ${toSend} 收 ${toReceive} 条`, `, ${toSend} to go and ${toReceive} to come`]
      : ['', '']
  const [zh, en] = ended === null ? outOfTime(timeoutS) : endedWords(ended)
  return [
    `原因:${zh}${left[0]}。收到的都在磁盘上,再同步就接着来。`,
    `Because ${en}${left[1]}. What came is on disk; the next sync goes on from there.`,
  ]
}

/** Why a wire or a session ended, of which they say it in a word. */
export const endedWords = (ended: string): Words =>
  ENDED[ended] ?? [`连接断了:${ended}`, `the connection ended: ${ended}`]

const outOfTime = (seconds: number): Words => [
  `${seconds} 秒到了(--timeout 可以加长)`,
  `${seconds} s were over (--timeout takes more)`,
]

const ENDED: Readonly<Record<string, Words>> = {
  gone: ['连接断了', 'the connection ended'],
  silent: ['对方没有回音了', 'the other side fell silent'],
  done: ['对方结束了', 'the other side was done'],
  closing: ['对方要关了', 'the other side was closing'],
  'station-closed': ['工作站关了', 'the station was closed'],
  replaced: ['换了一条连接', 'another connection took its place'],
  'another wire is kept': ['换了一条连接', 'another connection took its place'],
  crowded: ['对方那里陌生的连接太多', 'the other side had too many strangers'],
  'not-a-member': ['有一方还不认得另一方是这个社区的', 'one of the two does not know the other to belong'],
  'other-community': ['对方是另一个社区的', 'the other side is of another community'],
  'older-protocol': ['对方的版本太旧,要升级', 'the other side is too old and must be updated'],
  'not-reading': ['有一方太久不读', 'one of the two did not read for too long'],
  'quarantine-full': ['扣下待看的太多', 'too much is held back already'],
  'not-asked-for': ['对方发来了没有要的东西', 'something came that was not asked for'],
  'false-ack': ['对方确认了没有发的东西', 'the other side confirmed what was not sent'],
}
