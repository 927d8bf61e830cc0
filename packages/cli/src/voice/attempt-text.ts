import type { Attempt, KnownHow, MeetingAttempts, Multicast } from '@doorstep/sync'
import { plural, type Words } from './language.ts'

const HOW: Record<KnownHow, Words> = {
  typed: ['给的地址', 'given'],
  scanned: ['扫码得到', 'scanned'],
  heard: ['局域网上听到', 'heard on the LAN'],
  'last-known': ['上次在那里', 'met there before'],
}

/** What a code of the network means for somebody who wants to meet a colleague. */
const CODES: Readonly<Record<string, Words>> = {
  ECONNREFUSED: ['机器在,但没有工作站在等', 'the machine is there, and no workstation waits on it'],
  EHOSTUNREACH: ['这个网络里没有这台机器', 'no such machine on this network'],
  ENETUNREACH: ['这台机器没有通往那里的网络', 'this machine has no network that leads there'],
  ENOTFOUND: ['没有这个名字的机器', 'no machine has this name'],
  EAI_AGAIN: ['名字查不到:没有网络', 'the name cannot be looked up: no network'],
  ECONNRESET: ['对方挂断了', 'the other side hung up'],
  'timed out': ['没有回答', 'no answer'],
  'no proof': ['连上了,但对方没有说自己是谁', 'somebody answered and did not say who it is'],
  aborted: ['时间到了还没有回答', 'no answer before the time was up'],
}

/** What happened at one address, in words. */
export function attemptWords({ address, how, problem, code }: Attempt): Words {
  const [zh, en] = outcome(problem, code)
  return [`${address}(${HOW[how][0]}):${zh}`, `${address} (${HOW[how][1]}): ${en}`]
}

function outcome(problem: string | null, code: string): Words {
  if (problem === null) return ['有人回答', 'somebody answered']
  if (problem === 'own-address') return ['这就是本机', 'this very machine']
  if (problem === 'not-a-station')
    return ['回答的不是要找的站点', 'what answers is not the station that was wanted']
  if (problem === 'bad-address') return ['这不是地址', 'this is no address']
  return CODES[code] ?? [`连不上(${code || problem})`, `cannot be reached (${code || problem})`]
}

function multicastWords({ state, machines, detail }: Multicast): Words {
  switch (state) {
    case 'heard':
      if (machines === 0)
        return ['在局域网上呼叫过:只听到本机自己。', 'Called out on the LAN: heard nobody but this machine.']
      return [
        `在局域网上呼叫过:听到 ${machines} 台机器,没有这个社区的别的站点。`,
        `Called out on the LAN: heard ${plural(machines, 'machine')}, no other station of this community.`,
      ]
    case 'silent':
      return [
        '在局域网上呼叫过:什么也没听到。手机热点和访客网络常常不转这种呼叫,要写出地址。',
        'Called out on the LAN: heard nothing at all. Phone hotspots and guest networks often block this; give an address.',
      ]
    case 'failed':
      return [`不能在局域网上呼叫(${detail})。`, `Cannot call out on the LAN (${detail}).`]
    case 'not-asked':
      return ['没有在局域网上呼叫。', 'Did not call out on the LAN.']
  }
}

function ownWords({ interfaces }: MeetingAttempts): Words {
  if (interfaces.length === 0) return ['本机没有连上任何网络。', 'This machine is on no network.']
  const list = interfaces.map(({ name, address }) => `${address} (${name})`).join(', ')
  return [`本机地址:${list}`, `This machine: ${list}`]
}

/** One line for each address that did not lead to a meeting, what was heard, and where this machine is. */
export const attemptLines = (attempts: MeetingAttempts): readonly Words[] => [
  ...attempts.tried.filter(({ problem }) => problem !== null).map(attemptWords),
  ...(attempts.tried.length === 0 ? [['没有可试的地址。', 'No address to try.'] as const] : []),
  ...(attempts.interfaces.length > 0 ? [multicastWords(attempts.multicast)] : []),
  ownWords(attempts),
]

/** The commands to type next, the likeliest first. */
export function nextCommands({ tried, interfaces }: MeetingAttempts): readonly string[] {
  const bundle = 'doorstep bundle write FILE'
  if (interfaces.length === 0) return [bundle]
  if (tried.some(({ problem }) => problem === null)) return ['doorstep sync now --timeout 120', bundle]
  return ['doorstep sync serve --qr', 'doorstep sync now --peer HOST:PORT', bundle]
}
